/** One way in which the same secret can be written. `bytes` is what is searched for. */
export interface Spelling {
  readonly name: string
  readonly bytes: Buffer
}

/**
 * The spellings of `secret` that logs, pages, memory and answers use, without those that are equal: raw, hex in both
 * cases, base64 at its three offsets (RFC 4648 §4, without the characters that depend on the neighbours), base64url,
 * UTF-16 in both orders; percent-encoded, in JSON and in HTML, each with every character escaped and with only those that
 * must be. The result holds the secret: for tests, probes and demonstrations, never for the gateway.
 */
export function spellings(secret: Uint8Array): Spelling[] {
  const raw = Buffer.from(secret)
  const hex = raw.toString('hex')
  const list: Spelling[] = []
  const add = (name: string, text: string | Buffer): void => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
    if (!list.some((other) => other.bytes.equals(bytes))) list.push({ name, bytes })
  }
  const each = (write: (byte: number, digits: string) => string): string =>
    raw.reduce((text, byte) => text + write(byte, byte.toString(16).padStart(2, '0')), '')
  const where = (escaped: string, write: (byte: number, digits: string) => string): string =>
    each((byte, digits) => {
      const character = String.fromCharCode(byte)
      return escaped.includes(character) ? write(byte, digits) : character
    })

  add('raw', raw)
  add('hex', hex)
  add('hex upper case', hex.toUpperCase())
  add('UTF-16LE', Buffer.from(raw.toString('latin1'), 'utf16le'))
  add('UTF-16BE', Buffer.from(raw.toString('latin1'), 'utf16le').swap16())
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), raw])
    const first = Math.ceil((offset * 4) / 3)
    const end = Math.floor((shifted.length * 4) / 3)
    for (const encoding of ['base64', 'base64url'] as const)
      add(`${encoding} at offset ${offset}`, shifted.toString(encoding).slice(first, end))
  }
  add(
    'percent',
    each((_, digits) => `%${digits.toUpperCase()}`),
  )
  add(
    'percent lower case',
    each((_, digits) => `%${digits}`),
  )
  add(
    'percent where needed',
    where(reserved, (_, digits) => `%${digits.toUpperCase()}`),
  )
  add(
    'percent where needed, lower case',
    where(reserved, (_, digits) => `%${digits}`),
  )
  add(
    'JSON escapes',
    each((_, digits) => `\\u00${digits}`),
  )
  add(
    'JSON escapes upper case',
    each((_, digits) => `\\u00${digits.toUpperCase()}`),
  )
  add(
    'JSON',
    where('"\\', (byte) => `\\${String.fromCharCode(byte)}`),
  )
  add(
    'JSON with slashes',
    where('"\\/', (byte) => `\\${String.fromCharCode(byte)}`),
  )
  add(
    'JSON in HTML',
    where('"\\<>&\'', (_, digits) => `\\u00${digits}`),
  )
  add(
    'HTML names',
    where(inHtml, (byte) => htmlNames[String.fromCharCode(byte)] ?? ''),
  )
  add(
    'HTML numbers where needed',
    where(inHtml, (byte) => `&#${byte};`),
  )
  add(
    'HTML numbers',
    each((byte) => `&#${byte};`),
  )
  add(
    'HTML hexadecimal numbers',
    each((_, digits) => `&#x${digits};`),
  )
  add(
    'HTML hexadecimal numbers upper case',
    each((_, digits) => `&#x${digits.toUpperCase()};`),
  )
  return list
}

/** What of visible ASCII is not unreserved: RFC 3986 §2.3. */
const reserved = '!"#$%&\'()*+,/:;<=>?@[\\]^`{|}'

const htmlNames: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '/': '&sol;',
  '=': '&equals;',
}

const inHtml = Object.keys(htmlNames).join('')
