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

/** `length` characters of base62 that begin with the mark. */
export function markedBase62(random: Random, length: number): string {
  return phantomMark + random.base62(Math.max(length - phantomMark.length, 11))
}
