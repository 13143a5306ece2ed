import { inflateSync } from 'node:zlib'

/** No deflate stream makes more of a byte (RFC 1951: 258 bytes of two bits). */
const deflateRatioMax = 1_032

/**
 * The `size` bytes that a zlib stream holds; undefined where it is damaged or holds another number. What follows the
 * stream does not matter. Never allocates more than `size`, nor that where so few bytes cannot come to it.
 */
export function inflateExactly(deflated: Uint8Array, size: number): Buffer | undefined {
  if (size > deflated.length * deflateRatioMax) return undefined
  try {
    // One byte more: with a full buffer zlib would be asked again, into a second one.
    const content = inflateSync(deflated, { chunkSize: Math.max(64, size + 1), maxOutputLength: Math.max(1, size) })
    return content.length === size ? content : undefined
  } catch {
    return undefined
  }
}
