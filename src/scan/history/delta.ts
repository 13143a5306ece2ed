/** What a delta says of its sizes; `at` is where its instructions begin. */
interface DeltaHead {
  readonly baseSize: number
  readonly size: number
  readonly at: number
}

/**
 * The object that `delta` makes of `base` (gitformat-pack(5)); undefined where the delta is damaged, is for another
 * base, or would make more than `bytesMax`. `inserted` is told each part that does not come from the base.
 */
export function applyDelta(
  base: Uint8Array,
  delta: Uint8Array,
  bytesMax: number,
  inserted?: (start: number, end: number) => void,
): Buffer | undefined {
  const head = deltaHead(delta)
  if (!head || head.baseSize !== base.length || head.size > bytesMax) return undefined
  const result = Buffer.allocUnsafe(head.size)
  let { at } = head
  let length = 0
  while (at < delta.length) {
    const instruction = delta[at++] ?? 0
    if (instruction === 0) return undefined
    if (instruction < 0x80) {
      if (at + instruction > delta.length || length + instruction > head.size) return undefined
      result.set(delta.subarray(at, at + instruction), length)
      inserted?.(length, length + instruction)
      at += instruction
      length += instruction
      continue
    }
    let from = 0
    let size = 0
    for (let bit = 0; bit < 4; bit++) if (instruction & (1 << bit)) from += (delta[at++] ?? 0) * 2 ** (8 * bit)
    for (let bit = 0; bit < 3; bit++) if (instruction & (0x10 << bit)) size += (delta[at++] ?? 0) << (8 * bit)
    if (size === 0) size = 0x10000
    if (at > delta.length || from + size > base.length || length + size > head.size) return undefined
    result.set(base.subarray(from, from + size), length)
    // What stood apart in the base may form something new together.
    inserted?.(length, length)
    length += size
  }
  return length === head.size ? result : undefined
}

/** The size of what a delta makes; undefined where its head is damaged. */
function deltaHead(delta: Uint8Array): DeltaHead | undefined {
  const base = sizeAt(delta, 0)
  const result = base && sizeAt(delta, base.at)
  return result && { baseSize: base.size, size: result.size, at: result.at }
}

function sizeAt(bytes: Uint8Array, start: number): { size: number; at: number } | undefined {
  let size = 0
  for (let at = start, scale = 1; at < bytes.length && at < start + 7; at++, scale *= 128) {
    const byte = bytes[at] ?? 0
    size += (byte & 0x7f) * scale
    if (byte < 0x80) return { size, at: at + 1 }
  }
  return undefined
}
