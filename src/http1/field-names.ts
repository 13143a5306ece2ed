import { folded, lower } from './characters.ts'

/** A set of field names that is asked with bytes, without making strings. */
export interface FieldNames {
  /** The index of the name in the list that the set was made of, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number
}

/**
 * `fold`: `-` and `_` are the same (CGI and Rack make them so); without it only letter case is ignored.
 * A name that ends in `*` stands for all that begin so.
 */
export function fieldNames(names: readonly string[], { fold = false } = {}): FieldNames {
  const map = fold ? folded : lower
  const bytesOf = names.map((name) => Buffer.from(name.replace(/\*$/, ''), 'latin1').map((byte) => map[byte] as number))
  const byHash = new Map<number, number[]>()
  /** By first byte: most names begin with none of them, and are asked about for each field of each request. */
  const prefixes: (number[] | undefined)[] = []
  for (const [index, name] of names.entries()) {
    if (name.endsWith('*')) {
      const first = (bytesOf[index] as Uint8Array)[0] as number
      prefixes[first] = [...(prefixes[first] ?? []), index]
    } else {
      const hash = hashOf(map, bytesOf[index] as Uint8Array, 0, (bytesOf[index] as Uint8Array).length)
      byHash.set(hash, [...(byHash.get(hash) ?? []), index])
    }
  }
  const startsWith = (index: number, bytes: Uint8Array, start: number): boolean => {
    const name = bytesOf[index] as Uint8Array
    for (let i = 0; i < name.length; i++) if (map[bytes[start + i] as number] !== name[i]) return false
    return true
  }
  return {
    find(bytes, start, end) {
      const candidates = byHash.get(hashOf(map, bytes, start, end))
      if (candidates) {
        for (const index of candidates) {
          if ((bytesOf[index] as Uint8Array).length === end - start && startsWith(index, bytes, start)) return index
        }
      }
      const begun = end > start ? prefixes[map[bytes[start] as number] as number] : undefined
      if (begun) {
        for (const index of begun) {
          if ((bytesOf[index] as Uint8Array).length <= end - start && startsWith(index, bytes, start)) return index
        }
      }
      return -1
    },
  }
}

/** Small, and not keyed: a caller can make two names of one bucket, of which there are as many as we listed. */
function hashOf(map: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (map[bytes[i] as number] as number)) | 0
  return hash
}
