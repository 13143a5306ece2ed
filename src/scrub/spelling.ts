/**
 * One way in which a key is written, byte by byte, without a string. `write` puts the spelled `length` bytes at the start
 * of `key` into `into` at 0 and returns how many bytes that made; `into` has room for `spelledBytesMax(length)`.
 */
export interface Spelling {
  readonly name: string
  write(key: Uint8Array, length: number, into: Uint8Array): number
}

/** What the longest spelling of a key of `length` bytes needs. */
export const spelledBytesMax = (length: number): number => 2 * length

const digits = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function base64(name: string, alphabet: Uint8Array, offset: number): Spelling {
  // RFC 4648 §4: only the characters whose six bits are all the key's; the others depend on its neighbours.
  const first = Math.ceil((offset * 4) / 3)
  return {
    name: `${name} at offset ${offset}`,
    write(key, length, into) {
      const end = Math.floor(((length + offset) * 4) / 3)
      for (let i = first; i < end; i++) {
        const bit = i * 6
        const at = (bit >>> 3) - offset
        const pair = ((at < 0 ? 0 : (key[at] as number)) << 8) | (at + 1 < length ? (key[at + 1] as number) : 0)
        into[i - first] = alphabet[(pair >>> (10 - (bit & 7))) & 63] as number
      }
      return end - first
    },
  }
}

function hex(name: string, alphabet: Uint8Array): Spelling {
  return {
    name,
    write(key, length, into) {
      for (let i = 0; i < length; i++) {
        const byte = key[i] as number
        into[2 * i] = alphabet[byte >>> 4] as number
        into[2 * i + 1] = alphabet[byte & 15] as number
      }
      return 2 * length
    },
  }
}

function utf16(name: string, low: 0 | 1): Spelling {
  return {
    name,
    write(key, length, into) {
      for (let i = 0; i < length; i++) {
        into[2 * i + low] = key[i] as number
        into[2 * i + 1 - low] = 0
      }
      return 2 * length
    },
  }
}

const raw: Spelling = {
  name: 'raw',
  write(key, length, into) {
    for (let i = 0; i < length; i++) into[i] = key[i] as number
    return length
  },
}

const offsets = [0, 1, 2]

/** The spellings that are searched for as they stand; `escapes.ts` has what can be written for single characters of them. */
export const spellings: readonly Spelling[] = [
  raw,
  ...offsets.map((offset) => base64('base64', digits(`${letters}+/`), offset)),
  ...offsets.map((offset) => base64('base64url', digits(`${letters}-_`), offset)),
  hex('hex', digits('0123456789abcdef')),
  hex('hex upper case', digits('0123456789ABCDEF')),
  utf16('UTF-16LE', 0),
  utf16('UTF-16BE', 1),
]
