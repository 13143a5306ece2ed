import { limits } from '../../limits.ts'

/** Names of files and folders, each once, by number. */
export interface NameTable {
  /** The number of the name; those that no longer fit in are all number 0, which is ''. */
  numberOf(bytes: Uint8Array, start: number, end: number): number
  readonly names: readonly string[]
}

/** `met` is told each name once, when it is new. */
export function nameTable(met?: (name: Uint8Array, number: number) => void): NameTable {
  const names = ['']
  const starts = [0, 0]
  let kept = new Uint8Array(65_536)
  let slots = new Int32Array(4_096)

  function isName(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = starts[number] ?? 0
    if ((starts[number + 1] ?? 0) - from !== end - start) return false
    for (let i = 0; i < end - start; i++) if (kept[from + i] !== bytes[start + i]) return false
    return true
  }

  function slotOf(bytes: Uint8Array, start: number, end: number): number {
    const mask = slots.length - 1
    let slot = hashOf(bytes, start, end) & mask
    for (let number = slots[slot] ?? 0; number !== 0; number = slots[slot] ?? 0) {
      if (isName(number, bytes, start, end)) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  function keep(bytes: Uint8Array, start: number, end: number): number {
    const from = starts.at(-1) ?? 0
    const to = from + end - start
    if (to > limits.historyNamesBytesMax) return 0
    if (to > kept.length) {
      const larger = new Uint8Array(Math.max(to, kept.length * 2))
      larger.set(kept)
      kept = larger
    }
    kept.set(bytes.subarray(start, end), from)
    starts.push(to)
    const number = names.length
    names.push(Buffer.from(kept.buffer, from, to - from).toString('utf8'))
    if (names.length * 2 > slots.length) {
      slots = new Int32Array(slots.length * 4)
      for (let i = 1; i < number; i++) slots[slotOf(kept, starts[i] ?? 0, starts[i + 1] ?? 0)] = i
    }
    slots[slotOf(bytes, start, end)] = number
    met?.(kept.subarray(from, to), number)
    return number
  }

  return {
    numberOf: (bytes, start, end) => slots[slotOf(bytes, start, end)] || keep(bytes, start, end),
    names,
  }
}

/** FNV-1a, mixed at the end. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
  return hash ^ (hash >>> 15)
}
