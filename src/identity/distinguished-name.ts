import { type DerElement, objectIdentifierText, tags } from './der.ts'

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}

const textMax = 512

/**
 * A distinguished name to show to a person or write into a log: one line, in the order of the certificate, everything
 * that could be mistaken escaped as RFC 4514 does, cut at 512 characters. Undefined when it is no name, or when a value
 * is not valid text of its type or holds a NUL (some readers end there, and see another name).
 */
export function distinguishedNameText(name: DerElement | undefined): string | undefined {
  if (name?.tag !== tags.sequence) return undefined
  const parts: string[] = []
  for (const relative of name.children) {
    if (relative.tag !== tags.set || relative.children.length === 0) return undefined
    const attributes = relative.children.map(attributeText)
    if (attributes.includes(undefined)) return undefined
    parts.push(attributes.join('+'))
  }
  const text = parts.join(',')
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text
}

function attributeText({ tag, children }: DerElement): string | undefined {
  const [type, value, ...rest] = tag === tags.sequence ? children : []
  if (type?.tag !== tags.objectIdentifier || !value || rest.length > 0) return undefined
  const oid = objectIdentifierText(type.contents)
  const text = valueText(value)
  return text === undefined ? undefined : `${shortNames[oid] ?? oid}=${text}`
}

function valueText({ tag, contents, raw }: DerElement): string | undefined {
  const decoded = decode(tag, contents)
  if (decoded === 'not text') return `#${raw.toString('hex')}`
  if (decoded === undefined || decoded.text.includes('\0')) return undefined
  return escaped(decoded.text)
}

function decode(tag: number, contents: Buffer): { text: string } | undefined | 'not text' {
  switch (tag) {
    case tags.utf8String:
      return decodeWith('utf-8', contents)
    case tags.printableString:
    case tags.ia5String:
      return contents.every((octet) => octet < 0x80) ? { text: contents.toString('latin1') } : undefined
    case tags.teletexString:
      return { text: contents.toString('latin1') }
    case tags.bmpString:
      return decodeWith('utf-16be', contents)
    default:
      return 'not text'
  }
}

function decodeWith(encoding: 'utf-8' | 'utf-16be', contents: Buffer): { text: string } | undefined {
  try {
    return { text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(contents) }
  } catch {
    return undefined
  }
}

function escaped(text: string): string {
  return text
    .replace(/["+,;<>\\=]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/[^\x20-\x7e]/gu, (character) =>
      /[\p{L}\p{N}]/u.test(character) ? character : Buffer.from(character).toString('hex').replace(/../g, '\\$&'),
    )
}
