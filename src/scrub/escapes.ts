/**
 * The ways of writing one character as several: percent (RFC 3986 §2.1), a backslash (RFC 8259 §7, JavaScript, Ruby,
 * Python, shells) and HTML's character references (HTML Living Standard §13.5). Each begins with a byte of its own.
 */
const percent = 0x25
const backslash = 0x5c
const ampersand = 0x26

/** By byte: 0, or a bit of its own for each byte that begins an escape. */
export const introducers = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === percent ? 1 : byte === backslash ? 2 : byte === ampersand ? 4 : 0,
)

/** No escape that is read is longer. */
export const escapeBytesMax = 8

const none = -1

/** The value of a hexadecimal digit; 255 for what is none. */
const digitValues = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? 255 : value
})

/**
 * Reads the escape at `at`, where one of the three bytes stands: `length << 8 | character`, or -1 where it is none, or
 * goes on behind `end`.
 */
export function readEscape(bytes: Uint8Array, at: number, end: number): number {
  const introducer = bytes[at] as number
  if (introducer === percent) return at + 3 > end ? none : pair(bytes, at + 1, 3)
  return introducer === backslash ? readBackslash(bytes, at, end) : readReference(bytes, at, end)
}

/** Two hexadecimal digits at `at`, of an escape of `length` bytes. */
function pair(bytes: Uint8Array, at: number, length: number): number {
  const high = digitValues[bytes[at] as number] as number
  const low = digitValues[bytes[at + 1] as number] as number
  return (high | low) > 15 ? none : (length << 8) | (high << 4) | low
}

function readBackslash(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return none
  const next = bytes[at + 1] as number
  if (next === 0x75) {
    if (at + 6 > end) return none
    if (bytes[at + 2] === 0x30 && bytes[at + 3] === 0x30) return pair(bytes, at + 4, 6)
    return bytes[at + 2] === 0x7b && bytes[at + 5] === 0x7d ? pair(bytes, at + 3, 6) : none
  }
  if (next === 0x78) return at + 4 > end ? none : pair(bytes, at + 2, 4)
  return isPunctuation(next) ? (2 << 8) | next : none
}

/** By byte: the bits of the introducers behind which it can begin an escape of a character for which `wanted` is not 0. */
export function secondBytes(wanted: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
    const behindBackslash = byte === 0x75 || byte === 0x78 || (isPunctuation(byte) && wanted[byte] !== 0)
    return (
      ((digitValues[byte] as number) < 16 ? 1 : 0) | (behindBackslash ? 2 : 0) | (isLetter || byte === 0x23 ? 4 : 0)
    )
  })
}

const isPunctuation = (byte: number): boolean =>
  byte > 0x20 && byte < 0x7f && !(byte >= 0x30 && byte <= 0x39) && !((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)

const semicolon = 0x3b

function readReference(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + escapeBytesMax)
  if (at + 1 < last && bytes[at + 1] === 0x23) return readNumber(bytes, at, last)
  let name = 0
  for (let i = at + 1; i < last; i++) {
    const byte = bytes[i] as number
    if (byte === semicolon) {
      const character = namedCharacters.get(name)
      return character === undefined ? none : ((i + 1 - at) << 8) | character
    }
    const letter = byte | 0x20
    if (letter < 0x61 || letter > 0x7a) return none
    name = name * 32 + (letter & 31)
  }
  return none
}

function readNumber(bytes: Uint8Array, at: number, last: number): number {
  const isHex = at + 2 < last && ((bytes[at + 2] as number) | 0x20) === 0x78
  const first = at + (isHex ? 3 : 2)
  const base = isHex ? 16 : 10
  let value = 0
  for (let i = first; i < last; i++) {
    const byte = bytes[i] as number
    if (byte === semicolon) return i === first || value > 255 ? none : ((i + 1 - at) << 8) | value
    const digit = digitValues[byte] as number
    if (digit >= base) return none
    value = value * base + digit
  }
  return none
}

/** Writes `character` over the escape of `length` bytes at `at`; false where that has no room or form for it. */
export function rewriteEscape(bytes: Uint8Array, at: number, length: number, character: number): boolean {
  const introducer = bytes[at] as number
  if (introducer === percent) return writePair(bytes, at + 1, character)
  if (introducer === ampersand) return rewriteNumber(bytes, at, length, character)
  if (length === 2) return false
  return writePair(bytes, bytes[at + 2] === 0x7b ? at + 3 : at + length - 2, character)
}

function rewriteNumber(bytes: Uint8Array, at: number, length: number, character: number): boolean {
  if (bytes[at + 1] !== 0x23) return false
  if (((bytes[at + 2] as number) | 0x20) === 0x78) {
    if (length < 6) return false
    bytes.fill(0x30, at + 3, at + length - 3)
    return writePair(bytes, at + length - 3, character)
  }
  let rest = character
  for (let i = at + length - 2; i >= at + 2; i--) {
    bytes[i] = 0x30 + (rest % 10)
    rest = Math.trunc(rest / 10)
  }
  return rest === 0
}

/** Letters among the digits keep the case of those that stood there. */
function writePair(bytes: Uint8Array, at: number, character: number): true {
  const isUpper = isUpperCase(bytes[at] as number) || isUpperCase(bytes[at + 1] as number)
  for (let i = 0; i < 2; i++) {
    const value = i === 0 ? character >>> 4 : character & 15
    bytes[at + i] = value < 10 ? 0x30 + value : (isUpper ? 0x37 : 0x57) + value
  }
  return true
}

const isUpperCase = (byte: number): boolean => byte >= 0x41 && byte <= 0x46

/** HTML's names (HTML Living Standard §13.5) of ASCII punctuation that are no longer than `escapeBytesMax`. */
const names: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  ast: '*',
  bsol: '\\',
  colon: ':',
  comma: ',',
  commat: '@',
  dollar: '$',
  equals: '=',
  excl: '!',
  grave: '`',
  gt: '>',
  hat: '^',
  lbrace: '{',
  lbrack: '[',
  lcub: '{',
  lowbar: '_',
  lpar: '(',
  lsqb: '[',
  lt: '<',
  midast: '*',
  num: '#',
  percnt: '%',
  period: '.',
  plus: '+',
  quest: '?',
  quot: '"',
  rbrace: '}',
  rbrack: ']',
  rcub: '}',
  rpar: ')',
  rsqb: ']',
  semi: ';',
  sol: '/',
  verbar: '|',
  vert: '|',
}

const namedCharacters = new Map(
  Object.entries(names).map(([name, character]) => [
    [...name].reduce((number, letter) => number * 32 + (letter.charCodeAt(0) & 31), 0),
    character.charCodeAt(0),
  ]),
)
