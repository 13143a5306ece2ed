import { randomFillSync } from 'node:crypto'
import { endianness } from 'node:os'

/** The random numbers of one matcher's hashes: who does not know them can neither aim at a table nor read it. */
export interface HashKey {
  readonly first: number
  readonly second: number
  readonly third: number
}

export function createHashKey(): HashKey {
  const [first = 1, second = 1, third = 1] = randomFillSync(new Int32Array(3))
  return { first: first | 1, second: second | 1, third: third | 1 }
}

const bitsPerHash = 512
/** 512 KiB: a larger set would not stay in the cache beside what is searched. */
const widthMax = 22
const widthMin = 13

/** Says of a hash that it is surely none of `hashes`, or may be: bit `hash >>> shift` is set for each. */
export interface BitSet {
  readonly bits: Int32Array
  readonly shift: number
}

export function createBitSet(hashes: readonly number[]): BitSet {
  const width = Math.min(widthMax, Math.max(widthMin, Math.ceil(Math.log2(hashes.length * bitsPerHash + 1))))
  const shift = 32 - width
  const bits = new Int32Array(2 ** (width - 5))
  for (const hash of hashes) {
    const bit = hash >>> shift
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << bit)
  }
  return { bits, shift }
}

export function mayHold({ bits, shift }: BitSet, hash: number): boolean {
  const bit = hash >>> shift
  return (((bits[bit >>> 5] as number) >>> bit) & 1) === 1
}

/** Pairs of numbers under hashes: open addressing, so that a look costs no more than the memory it reads. */
export interface HashTable {
  /** First slot of `hash`, or -1. */
  first(hash: number): number
  /** The next slot of `hash` behind `slot`, or -1. */
  next(slot: number, hash: number): number
  /** Per slot the two values. */
  readonly values: Int32Array
}

/** `second` is never 0. A pair that is there under the same hash already is not entered again. */
export function createHashTable(entries: readonly { hash: number; first: number; second: number }[]): HashTable {
  const slots = 2 ** Math.ceil(Math.log2(entries.length * 2 + 2))
  const mask = slots - 1
  const hashes = new Int32Array(slots)
  const values = new Int32Array(slots * 2)
  const from = (start: number, hash: number): number => {
    for (let slot = start & mask; values[slot * 2 + 1] !== 0; slot = (slot + 1) & mask)
      if (hashes[slot] === hash) return slot
    return -1
  }
  for (const { hash, first, second } of entries) {
    let slot = from(hash, hash)
    while (slot >= 0 && (values[slot * 2] !== first || values[slot * 2 + 1] !== second)) slot = from(slot + 1, hash)
    if (slot >= 0) continue
    for (slot = hash & mask; values[slot * 2 + 1] !== 0; ) slot = (slot + 1) & mask
    hashes[slot] = hash
    values[slot * 2] = first
    values[slot * 2 + 1] = second
  }
  return { first: (hash) => from(hash, hash), next: (slot, hash) => from(slot + 1, hash), values }
}

/** Grams of spellings, without the grams: which hashes there are, and where in which length of spelling each stands. */
export interface GramIndex {
  readonly filter: BitSet
  /** Under `nameHash`: from the start of the spelling to the gram, and the length of the spelling. */
  readonly places: HashTable
}

/** A gram of four or eight bytes. Many keys of one kind and length share one. */
export interface Gram {
  readonly filter: number
  readonly name: number
  readonly offset: number
  readonly length: number
}

export function createGramIndex(grams: readonly Gram[]): GramIndex {
  return {
    filter: createBitSet(grams.map(({ filter }) => filter)),
    places: createHashTable(grams.map(({ name, offset, length }) => ({ hash: name, first: offset, second: length }))),
  }
}

/** Of two words (a gram of eight bytes), or of 0 and one word (four bytes). Its upper bits are the good ones. */
export function filterHash(key: HashKey, low: number, high: number): number {
  return Math.imul(low ^ Math.imul(high, key.first), key.second)
}

/** Independent of the other. All its bits are good. */
export function nameHash(key: HashKey, low: number, high: number): number {
  let hash = Math.imul(low ^ key.second, key.third)
  hash = Math.imul(hash ^ (hash >>> 15) ^ high, key.first)
  hash = Math.imul(hash ^ (hash >>> 13), key.third)
  return hash ^ (hash >>> 16)
}

/** Of what `hash` is of, and a byte behind it: where they come one by one. Its upper bits are the good ones. */
export function nextHash(multiplier: number, hash: number, byte: number): number {
  return Math.imul((hash ^ (hash >>> 15)) + byte, multiplier)
}

/** Four bytes as the number that a little-endian machine reads there. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

const isLittleEndian = endianness() === 'LE'

/** Four bytes as the number that this machine reads there. */
export function nativeWordAt(bytes: Uint8Array, at: number): number {
  if (isLittleEndian) return wordAt(bytes, at)
  const word = wordAt(bytes, at)
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}

export function rangeHash(key: HashKey, bytes: Uint8Array, at: number, length: number): number {
  const end = at + length
  let hash = Math.imul(length ^ key.first, key.second)
  let i = at
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ wordAt(bytes, i), key.third)
    hash ^= hash >>> 15
  }
  for (; i < end; i++) {
    hash = Math.imul(hash ^ (bytes[i] as number), key.second)
    hash ^= hash >>> 13
  }
  hash = Math.imul(hash, key.first)
  return hash ^ (hash >>> 16)
}
