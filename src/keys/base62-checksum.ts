import { crc32 } from 'node:zlib'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Six characters: CRC-32 of `text` in base62, digits first, padded with zeros. GitHub's and npm's tokens end with it. */
export function base62Checksum(text: string): string {
  let rest = crc32(text)
  let checksum = ''
  while (rest > 0) {
    checksum = digits[rest % 62] + checksum
    rest = Math.floor(rest / 62)
  }
  return checksum.padStart(6, '0')
}

/** A prefix, a random part and its checksum: whether the last six characters are right. */
export function hasBase62Checksum(text: string, prefixLength: number): boolean {
  return text.slice(-6) === base62Checksum(text.slice(prefixLength, -6))
}
