import { closeSync, constants, openSync, readSync } from 'node:fs'
import { systemCode } from '../../errors.ts'

/** Reads parts of a file. Parts that are given are only good until the next call. */
export interface PackReader {
  /** From `start` to `end`; undefined where the file ends before, or cannot be read. */
  slice(start: number, end: number): Uint8Array | undefined
  close(): void
}

const blockBytes = 262_144
const blocksMax = 64

/** Keeps at most 16 MiB of a file, in blocks: neighbours are usually asked for one after the other. */
export function openPackReader(path: string): PackReader | string {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    return systemCode(error)
  }
  const blocks: ({ index: number; content: Buffer } | undefined)[] = []

  function readAt(start: number, content: Buffer): Buffer | undefined {
    let length = 0
    try {
      while (length < content.length) {
        const read = readSync(descriptor, content, length, content.length - length, start + length)
        if (read === 0) break
        length += read
      }
    } catch {
      return undefined
    }
    return content.subarray(0, length)
  }

  function blockAt(index: number): Buffer | undefined {
    const known = blocks[index % blocksMax]
    if (known?.index === index) return known.content
    const content = readAt(
      index * blockBytes,
      known?.content.length === blockBytes ? known.content : Buffer.allocUnsafe(blockBytes),
    )
    // What a failed read left in a block that is used again belongs to no place.
    if (content) blocks[index % blocksMax] = { index, content }
    else blocks[index % blocksMax] = undefined
    return content
  }

  return {
    slice(start: number, end: number) {
      if (end <= start) return undefined
      const index = Math.floor(start / blockBytes)
      if (end <= (index + 1) * blockBytes) {
        const from = start - index * blockBytes
        const part = blockAt(index)?.subarray(from, from + end - start)
        return part?.length === end - start ? part : undefined
      }
      const part = readAt(start, Buffer.allocUnsafe(end - start))
      return part?.length === end - start ? part : undefined
    },
    close: () => closeSync(descriptor),
  }
}
