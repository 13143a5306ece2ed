import { type KeyKind, keyAt } from '../../keys/kind.ts'
import { type AssignedValue, quotedAt } from './assignment-value.ts'
import { base64Bytes, nameBytes, skip, skipBack, tokenBytes } from './byte-set.ts'
import { isPretended } from './pretended.ts'
import type { Candidate, Detector, Search } from './search.ts'

/** Every kind with a shape has at least so many characters of keys behind a prefix's begin, addresses excepted. */
const runMin = 16
/** Of a kind's pattern, whatever its length; longer ones are private keys, which have a detector of their own. */
const keyCharactersMax = 2_400

/** Keys by their shape and checksum. Each prefix costs a look at the bytes around it; a pattern is tried only on what could match. */
export function shapedKeys(kinds: readonly KeyKind[]): Detector {
  const byPrefix = new Map<string, KeyKind[]>()
  for (const kind of kinds) {
    if (kind.id === 'private-key' || kind.id === 'database-url') continue
    for (const prefix of kind.shape?.prefixes ?? []) {
      const known = byPrefix.get(prefix)
      if (known) known.push(kind)
      else byPrefix.set(prefix, [kind])
    }
  }
  return {
    words: [...byPrefix.keys()],
    readsBinary: true,
    begin: (search) => (start, end, prefix) => {
      const { bytes } = search
      const derLength = derLengthAt(bytes, start)
      if (derLength > 0) {
        const text = bytes.toString('latin1', start, start + derLength)
        if (text.startsWith(prefix))
          for (const kind of byPrefix.get(prefix) ?? []) lookFor(search, kind, prefix, text, start)
        return
      }
      if (!startsAlone(bytes, start) || isInsideBase64(bytes, start)) return
      const isWhole = prefix.includes('://') || skip(bytes, tokenBytes, end, start + runMin) >= start + runMin
      const pieces = isWhole ? undefined : textInPieces(bytes, start, end)
      const text = isWhole ? bytes.toString('latin1', start, start + keyCharactersMax) : pieces?.text
      if (!text?.startsWith(prefix)) return
      for (const kind of byPrefix.get(prefix) ?? []) lookFor(search, kind, prefix, text, start, pieces?.end)
    },
  }
}

/** `'sk_live_' + 'abc…'`: the prefix and what is joined to it. */
function textInPieces(bytes: Buffer, start: number, end: number): AssignedValue | undefined {
  const quoteAt = skip(bytes, tokenBytes, end, start + runMin)
  const quote = bytes[quoteAt]
  if (quote !== 0x22 && quote !== 0x27) return undefined
  return quotedAt(bytes, start, String.fromCharCode(quote), '', 'code')
}

function lookFor(search: Search, kind: KeyKind, prefix: string, text: string, start: number, joinedEnd?: number): void {
  const length = keyAt(kind, text, 0)
  if (length === -1 || isNameByte(text.charCodeAt(length))) return
  const key = text.slice(0, length)
  const body = key.slice(prefix.length)
  if (!search.isLenient && (isPretended(body) || kind.shape?.isPlaceholder?.(key))) return
  const test = /^\w+_test_/.test(prefix)
  const isProven = kind.shape?.checksum !== undefined
  const isSure = isProven || isSupported(kind, prefix, search, start)
  search.report({
    rule: /\.(?:crt|cer|der|csr|p7b)$/i.test(search.path) ? 'certificate-holds-key' : 'key-literal',
    kind: kind.id,
    title: kind.title,
    start,
    end: joinedEnd ?? start + length,
    secret: key,
    prefix,
    test,
    isShaped: true,
    ...weightOf(search, test, isProven, isSure),
  })
}

function weightOf(
  search: Search,
  test: boolean,
  isProven: boolean,
  isSure: boolean,
): Pick<Candidate, 'severity' | 'confidence'> {
  const { isTest, isDocumentation, isExample } = search.setting
  const isAside = isTest || isExample || isDocumentation
  if (!isAside) return { severity: test ? 'medium' : 'critical', confidence: isSure ? 'certain' : 'tentative' }
  if (isProven) return { severity: test ? 'low' : 'high', confidence: 'firm' }
  return { severity: test ? 'low' : 'medium', confidence: isSure && !isTest ? 'firm' : 'tentative' }
}

/** Not a part of a longer word. The end of an escape (`\n`, `%3D`, `\u003d`) is none. */
export function startsAlone(bytes: Uint8Array, start: number): boolean {
  if (!isNameByte(bytes[start - 1])) return true
  const before = Buffer.from(bytes.buffer, bytes.byteOffset + Math.max(0, start - 6), Math.min(6, start)).toString(
    'latin1',
  )
  return /\\[nrtbf]$|%(?:2[0-9A-F]|3[A-F])$|\\u00[2-3][0-9a-f]$/i.test(before)
}

const derStrings = new Set([0x04, 0x0c, 0x13, 0x16, 0x82, 0x86])

/** The length of the DER string (X.690 §8.1) that begins here: the byte before a text is then no part of it. 0 for none. */
function derLengthAt(bytes: Uint8Array, start: number): number {
  const length = bytes[start - 1] ?? 0
  const isLong = bytes[start - 2] === 0x81
  return derStrings.has(bytes[start - (isLong ? 3 : 2)] ?? 0) && length >= runMin ? length : 0
}

/** Of an image or a program in base64: behind so much of it, with a sign that no name and no address ends with. */
function isInsideBase64(bytes: Uint8Array, start: number): boolean {
  const before = bytes[start - 1]
  if (before !== 0x2b && before !== 0x2f) return false
  const runMin = before === 0x2b ? 8 : 24
  return start - skipBack(bytes, base64Bytes, start, start - runMin) >= runMin
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && nameBytes[byte] === 1
}

/** A short prefix such as `key-` stands before many things: the issuer's name near it, or in the file's, supports it. */
function isSupported(kind: KeyKind, prefix: string, search: Search, start: number): boolean {
  if (prefix.length > 4 || /[_.]/.test(prefix) || kind.id.startsWith('openai')) return true
  const issuer = kind.id.split('-', 1)[0] ?? ''
  const near = search.bytes.toString('latin1', Math.max(0, start - 2_000), start + 2_000)
  return `${search.path} ${near}`.toLowerCase().includes(issuer)
}
