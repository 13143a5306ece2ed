/** Bytes as they are searched, and the way back to the offsets of the bytes that were given. */
export interface Readable {
  readonly readable: Buffer
  readonly isText: boolean
  offsetOf(offset: number): number
}

/** So much is looked at to see what a file is. */
const sampleBytes = 8_192

/**
 * UTF-16, with a mark at its front or without, becomes one byte for each of its units: keys are ASCII, and what is not
 * becomes `?`. Other bytes stay as they are. What holds NUL bytes is not text.
 */
export function readableBytes(bytes: Uint8Array): Readable {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const nulAt = buffer.subarray(0, sampleBytes).indexOf(0)
  const order = byteOrderOf(buffer, nulAt)
  if (!order) return { readable: buffer, isText: nulAt === -1, offsetOf: (offset) => offset }
  const { low, start } = order
  const high = 1 - low
  const readable = Buffer.alloc((buffer.length - start) >> 1)
  for (let unit = 0; unit < readable.length; unit++) {
    const at = start + 2 * unit
    readable[unit] = buffer[at + high] === 0 ? (buffer[at + low] as number) : 0x3f
  }
  return { readable, isText: true, offsetOf: (offset) => start + 2 * offset }
}

/** Where the low byte of each unit stands, and where the text begins; undefined for what is not UTF-16. */
function byteOrderOf(buffer: Buffer, nulAt: number): { low: 0 | 1; start: number } | undefined {
  if (buffer[0] === 0xff && buffer[1] === 0xfe && nulAt !== -1) return { low: 0, start: 2 }
  if (buffer[0] === 0xfe && buffer[1] === 0xff && nulAt !== -1) return { low: 1, start: 2 }
  if (nulAt === -1 || nulAt > 64) return undefined
  const sample = buffer.subarray(0, sampleBytes)
  const nuls: [number, number] = [0, 0]
  for (const [index, byte] of sample.entries()) if (byte === 0) nuls[(index & 1) as 0 | 1]++
  const most = sample.length / 2
  // Nearly every second byte and none of the others: Latin text.
  if (nuls[1] > most * 0.9 && nuls[0] === 0) return { low: 0, start: 0 }
  if (nuls[0] > most * 0.9 && nuls[1] === 0) return { low: 1, start: 0 }
  return undefined
}
