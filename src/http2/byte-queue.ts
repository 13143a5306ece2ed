/** Bytes that wait. They are copied together, so that many small pieces take no more room than one large one. */
export interface ByteQueue {
  readonly length: number
  push(bytes: Uint8Array, start: number, end: number): void
  /** The oldest block, which is the caller's from now on; undefined when nothing waits. */
  shift(): Buffer | undefined
  /** Gives the rest of a block back. */
  unshift(rest: Buffer): void
  /** Drops and wipes what waits. */
  clear(): void
}

const blockBytesMin = 512
const blockBytesMax = 16_384

/** `allocate` gives the blocks. Buffer's own pool will do where no key can be among the bytes. */
export function createByteQueue(allocate: (length: number) => Buffer): ByteQueue {
  const blocks: { readonly bytes: Buffer; end: number }[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    push(bytes, start, end) {
      let at = start
      while (at < end) {
        let last = blocks.at(-1)
        if (!last || last.end === last.bytes.length) {
          const size = Math.min(blockBytesMax, Math.max(blockBytesMin, length, end - at))
          last = { bytes: allocate(size), end: 0 }
          blocks.push(last)
        }
        const taken = Math.min(last.bytes.length - last.end, end - at)
        last.bytes.set(bytes.subarray(at, at + taken), last.end)
        last.end += taken
        at += taken
      }
      length += end - start
    },
    shift() {
      const first = blocks.shift()
      if (!first) return undefined
      length -= first.end
      return first.bytes.subarray(0, first.end)
    },
    unshift(rest) {
      blocks.unshift({ bytes: rest, end: rest.length })
      length += rest.length
    },
    clear() {
      for (const { bytes } of blocks.splice(0)) bytes.fill(0)
      length = 0
    },
  }
}
