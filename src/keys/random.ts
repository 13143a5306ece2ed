import { randomBytes } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A source of random text. */
export interface Random {
  /** `length` characters drawn evenly from `alphabet` (at most 64 of them). */
  from(alphabet: string, length: number): string
  base62(length: number): string
  hex(length: number): string
  digits(length: number): string
}

/** From random bytes: the system's by default, a keyed stream where the same text must come again. */
export function randomText(bytes: (length: number) => Uint8Array = randomBytes): Random {
  const from = (alphabet: string, length: number): string => {
    const limit = 256 - (256 % alphabet.length)
    let text = ''
    while (text.length < length) {
      for (const byte of bytes(length)) {
        if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length]
      }
    }
    return text
  }
  return {
    from,
    base62: (length) => from(base62, length),
    hex: (length) => from('0123456789abcdef', length),
    digits: (length) => from('0123456789', length),
  }
}

/** Stands at the front of a phantom's random part, so that a person who meets one in a log knows what it is. */
export const phantomMark = 'PHANTOM'

/** The same for a random part that is hexadecimal; chance makes it once in 2³² keys. */
export const phantomHexMark = 'fa470000'

/** `length` characters of base62 that begin with the mark; 18, which are 64 random bits, where that is less. */
export function markedBase62(random: Random, length: number): string {
  return phantomMark + random.base62(Math.max(length - phantomMark.length, 11))
}

/** `length` hexadecimal digits that begin with the mark; 24, which are 64 random bits, where that is less. */
export function markedHex(random: Random, length: number): string {
  return phantomHexMark + random.hex(Math.max(length - phantomHexMark.length, 16))
}

/** A marked UUID of version 4 (RFC 9562 §5.4). */
export function markedUuid(random: Random): string {
  return uuidOf(`${phantomHexMark}${random.hex(24)}`)
}

/** A random UUID of version 4. */
export function randomUuid(random: Random): string {
  return uuidOf(random.hex(32))
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
