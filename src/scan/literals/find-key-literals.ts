import { createHash } from 'node:crypto'
import { isOfForm, type KeyKind, keyAt } from '../../keys/kind.ts'
import { phantomHexMark, phantomMark } from '../../keys/random.ts'
import type { SourceFile } from '../source-file.ts'

/** A text in a file that is a key: by shape and checksum, or by form under the name of its kind's variable. */
export interface KeyLiteral {
  readonly kind: KeyKind
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** The issuer's test mode: worth little, and still a key. */
  readonly test: boolean
  /** Whether anything but the shape says that it is a key of this kind. */
  readonly supported: boolean
}

/** Words that people put in texts that only look like keys. Any case; at least four letters, so that chance makes none. */
const placeholders =
  /example|sample|placeholder|redacted|changeme|change_me|replace|your[_-]?|dummy|fake|xxxx|\*\*\*\*|0{8}|1{8}|1234567|abcdefg|deadbeef|notreal|insert|secret[_-]?key|mykey|testing/i

/** SHA-256 of what follows the prefix in keys that issuers print in their documentation: everybody has them. */
const published = new Set([
  '153a182586451358014e3142089118ce38f6c7dc7c79014d3fa40b57f80b4aab',
  '74e11884b07b1d5183c50a1e1fa53981137558e33691691f564189271d7b13fb',
])

/** Every key literal of a file, in order. Linear in the length of the text. */
export function findKeyLiterals(file: SourceFile, kinds: readonly KeyKind[]): KeyLiteral[] {
  const { text } = file
  const found: KeyLiteral[] = []
  const starts = new Set<number>()
  for (const kind of kinds) {
    for (const prefix of kind.shape?.prefixes ?? []) {
      for (let start = text.indexOf(prefix); start !== -1; start = text.indexOf(prefix, start + 1)) {
        const end = keyAt(kind, text, start)
        if (end === -1 || !standsAlone(text, start, end) || starts.has(start)) continue
        const key = text.slice(start, end)
        if (isPretended(key.slice(prefix.length)) || kind.shape?.isPlaceholder?.(key)) continue
        starts.add(start)
        found.push({
          kind,
          file,
          start,
          end,
          test: /^\w+_test_/.test(prefix),
          supported: isSupported(kind, prefix, file, start),
        })
      }
    }
  }
  found.push(...findNamed(file, kinds).filter(({ start }) => !starts.has(start)))
  return found.sort((a, b) => a.start - b.start)
}

/** `NAME=value`, `name: value`, `'NAME' => 'value'`: each name is tried once, from where it begins. */
const assignment =
  /(?<![\w-])([A-Za-z][A-Za-z0-9_]{2,80})["'\]]{0,2}[ \t]{0,8}(?:=>|\|\|=|[:=])[ \t]{0,8}["']?([\w+/=.:-]{16,200})(?![\w+/=.-])/g

/** Keys of no shape: nothing but the variable's name, which deployments also write in lower case, tells what they are. */
function* findNamed(file: SourceFile, kinds: readonly KeyKind[]): Generator<KeyLiteral> {
  const { text } = file
  for (const match of text.matchAll(assignment)) {
    const [whole, name = '', value = ''] = match
    const kind = kinds.find(
      ({ fits, environment }) => fits && environment.includes(name.toUpperCase()) && isOfForm(fits, value),
    )
    if (!kind || isPretended(value)) continue
    const start = match.index + whole.length - value.length
    yield { kind, file, start, end: start + value.length, test: false, supported: true }
  }
}

/** Not a part of a longer word. */
function standsAlone(text: string, start: number, end: number): boolean {
  return !/[A-Za-z0-9_-]/.test(text[start - 1] ?? ' ') && !/[A-Za-z0-9_-]/.test(text[end] ?? ' ')
}

/** A placeholder says so at its beginning; in the 2,000 characters of a private key chance makes words of four letters. */
const saidWithin = 200

/** Phantoms, placeholders, and bodies that no random generator makes. */
function isPretended(body: string): boolean {
  if (body.includes(phantomMark) || body.startsWith(phantomHexMark) || placeholders.test(body.slice(0, saidWithin)))
    return true
  if (new Set(body.replace(/[^A-Za-z0-9]/g, '')).size < 8) return true
  return published.has(createHash('sha256').update(body).digest('hex'))
}

/** A short prefix such as `key-` stands before many things: the issuer's name near it, or in the file's, supports it. */
function isSupported(kind: KeyKind, prefix: string, file: SourceFile, start: number): boolean {
  if (kind.shape?.checksum || prefix.length > 4 || /[_.]/.test(prefix) || kind.id.startsWith('openai')) return true
  const issuer = kind.id.split('-', 1)[0] ?? ''
  const near = file.text.slice(Math.max(0, start - 2_000), start + 2_000)
  return `${file.path} ${near}`.toLowerCase().includes(issuer)
}
