import { equalBytes } from '../secret/equal.ts'
import { secretBytes, unmaskInto, wipe } from '../secret/masked.ts'
import {
  type BitSet,
  createBitSet,
  createGramIndex,
  createHashKey,
  createHashTable,
  filterHash,
  type Gram,
  type GramIndex,
  type HashKey,
  type HashTable,
  nameHash,
  nativeWordAt,
  nextHash,
  rangeHash,
  wordAt,
} from './gram-index.ts'
import type { Secret } from './matcher.ts'
import { type Spelling, spelledBytesMax, spellings } from './spelling.ts'

/** One spelling of one key. */
export interface Pattern {
  readonly secret: Secret
  readonly spelling: Spelling
  readonly length: number
}

/** What a matcher asks. Hashes of the keys, places and lengths; of `patterns` only the masked key knows the key. */
export interface MatcherTables {
  readonly hashKey: HashKey
  readonly patterns: readonly Pattern[]
  /** By the hash of the whole: the pattern. */
  readonly named: HashTable
  /** The last grams of each pattern of `longLengthMin` and more; the filter's words are the machine's. */
  readonly long: GramIndex
  /** The same for shorter ones; undefined where there are none. */
  readonly short: GramIndex | undefined
  /** Grams that end with a character that can be the first escape; their places are those of that character. */
  readonly behindEscapes: GramIndex
  readonly behindEscapesShort: GramIndex | undefined
  /** Grams that begin with one, for characters before which there is no room for the others. */
  readonly atEscapes: GramIndex
  /** The first two characters of those of `atEscapes`. */
  readonly pairs: BitSet
  /** The first `headLength` bytes of what is longer. */
  readonly heads: BitSet
  /** By character: 1 where an escape of it can be a part of a key. Of letters and digits it says nothing. */
  readonly canBeEscaped: Uint8Array
}

/**
 * A gram of `longGram` bytes is looked at every `longGram` bytes. Whatever is at least `2 * longGram - 1` long holds one of
 * those whole, and so do its last `2 * longGram - 1` bytes: those are entered, for many keys begin with the same letters.
 */
export const longGram = 8
export const shortGram = 4
const longLengthMin = 2 * longGram - 1
/** What was found with escapes is read so far before it is asked whether any key begins so. */
export const headLength = 24

export function createTables(secrets: readonly Secret[]): MatcherTables {
  const hashKey = createHashKey()
  const patterns: Pattern[] = []
  const names: { hash: number; first: number; second: number }[] = []
  const long: Gram[] = []
  const short: Gram[] = []
  const behindEscapes: Gram[] = []
  const behindEscapesShort: Gram[] = []
  const atEscapes: Gram[] = []
  const pairs: number[] = []
  const heads: number[] = []
  const canBeEscaped = Uint8Array.from({ length: 256 }, (_, byte) => (isAlphanumeric(byte) ? 1 : 0))

  for (const { secret, spelling, bytes } of eachSpelling(secrets)) {
    const { length } = bytes
    names.push({ hash: rangeHash(hashKey, bytes, 0, length), first: patterns.length, second: length })
    patterns.push({ secret, spelling, length })
    if (length > headLength) heads.push(headHash(hashKey, bytes))
    const isLong = length >= longLengthMin
    const gram = isLong ? longGram : shortGram
    for (let i = length - 2 * gram + 1; i <= length - gram; i++)
      (isLong ? long : short).push({ ...hashesOf(hashKey, bytes, i, gram, nativeWordAt), offset: i, length })
    for (let i = 0; i < length; i++) {
      const character = bytes[i] as number
      if (!isEscaped(spelling, character, i)) continue
      canBeEscaped[character] = 1
      if (i < gram - 1) {
        atEscapes.push({ ...hashesOf(hashKey, bytes, i, shortGram, wordAt), offset: i, length })
        pairs.push(filterHash(hashKey, 0, wordAt(bytes, i) & 0xffff))
      } else
        (isLong ? behindEscapes : behindEscapesShort).push({
          ...hashesOf(hashKey, bytes, i - gram + 1, gram, wordAt),
          offset: i,
          length,
        })
    }
  }
  return {
    hashKey,
    patterns,
    named: createHashTable(names),
    long: createGramIndex(long),
    short: short.length > 0 ? createGramIndex(short) : undefined,
    behindEscapes: createGramIndex(behindEscapes),
    behindEscapesShort: behindEscapesShort.length > 0 ? createGramIndex(behindEscapesShort) : undefined,
    atEscapes: createGramIndex(atEscapes),
    pairs: createBitSet(pairs),
    heads: createBitSet(heads),
    canBeEscaped,
  }
}

/** Each different spelling of each key. `bytes` are wiped when the next one is asked for. */
function* eachSpelling(
  secrets: readonly Secret[],
): Generator<{ secret: Secret; spelling: Spelling; bytes: Uint8Array }> {
  for (const secret of secrets) {
    const { masked } = secret
    const key = secretBytes(masked.length)
    const all = spellings.map((spelling) => ({ spelling, bytes: secretBytes(spelledBytesMax(masked.length)) }))
    try {
      unmaskInto(masked, key, 0)
      const seen: Uint8Array[] = []
      for (const { spelling, bytes } of all) {
        const spelled = bytes.subarray(0, spelling.write(key, masked.length, bytes))
        if (seen.some((other) => equalBytes(other, spelled))) continue
        seen.push(spelled)
        yield { secret, spelling, bytes: spelled }
      }
    } finally {
      wipe(key)
      for (const { bytes } of all) wipe(bytes)
    }
  }
}

function headHash({ second }: HashKey, bytes: Uint8Array): number {
  let hash = second
  for (let i = 0; i < headLength; i++) hash = nextHash(second, hash, bytes[i] as number)
  return hash
}

/** Any character of a key as it stands; of what is encoded already only what an encoder has a reason to escape. */
function isEscaped({ name }: Spelling, character: number, at: number): boolean {
  if (name === 'raw') return true
  // All zeros of UTF-16 are escaped, or none.
  return !isAlphanumeric(character) && (character !== 0 || at < 2)
}

function hashesOf(hashKey: HashKey, bytes: Uint8Array, at: number, gram: number, word: typeof wordAt) {
  const isLong = gram === longGram
  const last = at + gram - 4
  return {
    filter: filterHash(hashKey, isLong ? word(bytes, at) : 0, word(bytes, last)),
    name: nameHash(hashKey, isLong ? wordAt(bytes, at) : 0, wordAt(bytes, last)),
  }
}

const isAlphanumeric = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
