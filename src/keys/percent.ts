const percent = 0x25
const plus = 0x2b
const upperHex = Buffer.from('0123456789ABCDEF')

/** Which bytes stand as they are: the unreserved ones (RFC 3986 §2.3), and those of `others`. */
export function plainBytes(others = ''): Uint8Array {
  const plain = new Uint8Array(256)
  for (const byte of Buffer.from(`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~${others}`))
    plain[byte] = 1
  return plain
}

/** Writes `bytes` percent-encoded (RFC 3986 §2.1) at `at`, what `plain` marks as it is, and returns the end. */
export function writePercent(into: Uint8Array, at: number, bytes: Uint8Array, plain: Uint8Array): number {
  let end = at
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (plain[byte] === 1) into[end++] = byte
    else {
      into[end++] = percent
      into[end++] = upperHex[byte >> 4] as number
      into[end++] = upperHex[byte & 15] as number
    }
  }
  return end
}

/**
 * The bytes from `start` to `end` with their escapes decoded; a `%` without two hexadecimal digits stands for itself.
 * `isForm`: `+` is a space, as forms write it.
 */
export function decodePercent(
  bytes: Uint8Array,
  start: number,
  end: number,
  { isForm }: { readonly isForm: boolean },
): Uint8Array {
  const decoded = new Uint8Array(end - start)
  let length = 0
  for (let at = start; at < end; at++) {
    const octet = at + 2 < end ? escapedByte(bytes, at) : -1
    if (octet >= 0) at += 2
    decoded[length++] = octet >= 0 ? octet : isForm && bytes[at] === plus ? 0x20 : (bytes[at] as number)
  }
  return decoded.subarray(0, length)
}

/** The byte that `%XX` at `at` stands for, or -1 where there is no such escape. */
export function escapedByte(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== percent) return -1
  const high = hexDigit(bytes[at + 1])
  const low = hexDigit(bytes[at + 2])
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
