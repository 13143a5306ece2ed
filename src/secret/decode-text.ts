import { secretBytes, wipe } from './masked.ts'

/**
 * The bytes that `text`, base64 in either alphabet with or without padding (RFC 4648 §4, §5), stands for, in bytes of
 * their own that the caller wipes; undefined where it is none. Buffer's own decoder goes through a string.
 */
export function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  let end = text.length
  while (end > 0 && text.length - end < 2 && text[end - 1] === 0x3d) end--
  if (end % 4 === 1) return undefined
  return decode(text.subarray(0, end), 6, base64Digit)
}

/** The same of hexadecimal digits in either case. */
export function decodeHex(text: Uint8Array): Uint8Array | undefined {
  return text.length % 2 === 0 ? decode(text, 4, hexDigit) : undefined
}

function decode(text: Uint8Array, digitBits: number, digitOf: (byte: number) => number): Uint8Array | undefined {
  const bytes = secretBytes(Math.floor((text.length * digitBits) / 8))
  let [group, bits, length] = [0, 0, 0]
  for (const byte of text) {
    const digit = digitOf(byte)
    if (digit < 0) {
      wipe(bytes)
      return undefined
    }
    group = ((group << digitBits) | digit) & 0xffff
    bits += digitBits
    if (bits < 8) continue
    bits -= 8
    bytes[length++] = group >> bits
  }
  return bytes
}

function base64Digit(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x47
  if (byte >= 0x30 && byte <= 0x39) return byte + 4
  if (byte === 0x2b || byte === 0x2d) return 62
  return byte === 0x2f || byte === 0x5f ? 63 : -1
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
