import { type Masked, secretBytes, unmaskInto, wipe } from '../secret/masked.ts'
import { escapeBytesMax, introducers, readEscape, rewriteEscape, secondBytes } from './escapes.ts'
import { filterHash, type GramIndex, mayHold, nameHash, nextHash, rangeHash, wordAt } from './gram-index.ts'
import { createTables, headLength, longGram, type Pattern, shortGram } from './matcher-tables.ts'
import { spelledBytesMax } from './spelling.ts'

/** A key that must not come through, and what stands for it. */
export interface Secret {
  readonly masked: Masked
  readonly phantom: Uint8Array
}

/**
 * Finds keys in bytes, in every spelling of `spelling.ts` and with any of their characters written as an escape of
 * `escapes.ts` (one sort of escape at a time). Holds no key and no part of one: keyed hashes, lengths and places.
 */
export interface Matcher {
  /** The longest that a spelling can be, in bytes, at least 1. A stream holds back one less. */
  readonly longest: number
  /**
   * Finds every spelling that stands whole in `bytes[start, end)` and ends behind `from`, writes over it in place at the
   * same length (with the phantom so spelled, or zeros), and returns the lowest start of one that was found, or -1.
   * With `more` a key is left for the next call that can be the part of a longer one which goes on behind `end`: it
   * begins in the last `longest - 1` bytes, and is found again from any later `from`.
   */
  scrub(bytes: Uint8Array, start: number, from: number, end: number, more?: boolean): number
}

/** Where a pattern was found; `introducer` begins its escapes, or is -1 where there is none. */
interface Hit {
  readonly start: number
  readonly end: number
  readonly pattern: Pattern
  readonly introducer: number
}

const zero = 0x30

/** Makes a matcher for `secrets`, each at least `limits.keyBytesMin` long. What it needs of them while it works it wipes. */
export function createMatcher(secrets: readonly Secret[]): Matcher {
  const keyLengthMax = Math.max(1, ...secrets.map(({ masked }) => masked.length))
  const key = workingBytes(keyLengthMax)
  const spelled = workingBytes(spelledBytesMax(keyLengthMax))
  const decoded = workingBytes(spelledBytesMax(keyLengthMax))
  const tables = createTables(secrets)
  const {
    hashKey,
    long,
    short,
    behindEscapes,
    behindEscapesShort,
    atEscapes,
    pairs,
    heads,
    named,
    patterns,
    canBeEscaped,
  } = tables
  const mayFollow = secondBytes(canBeEscaped)
  const reaches = reachesOf(secrets)
  const reachMax = Math.max(0, ...reaches.values())
  const hits: Hit[] = []

  function isSpelled({ secret, spelling, length }: Pattern, bytes: Uint8Array, at: number): boolean {
    unmaskInto(secret.masked, key, 0)
    spelling.write(key, secret.masked.length, spelled)
    let difference = 0
    for (let i = 0; i < length; i++) difference |= (spelled[i] as number) ^ (bytes[at + i] as number)
    wipe(key, 0, secret.masked.length)
    wipe(spelled, 0, length)
    return difference === 0
  }

  /** The pattern of `length` bytes that stands at `at`, or undefined. */
  function patternAt(bytes: Uint8Array, at: number, length: number): Pattern | undefined {
    const hash = rangeHash(hashKey, bytes, at, length)
    for (let slot = named.first(hash); slot >= 0; slot = named.next(slot, hash)) {
      const pattern = patterns[named.values[slot * 2] as number] as Pattern
      if (pattern.length === length && isSpelled(pattern, bytes, at)) return pattern
    }
    return undefined
  }

  /** The gram at `at` passed the filter of `index`: looks whether a key stands where it has its places. */
  function lookAt(
    { places }: GramIndex,
    name: number,
    bytes: Uint8Array,
    at: number,
    start: number,
    from: number,
    end: number,
  ): void {
    for (let slot = places.first(name); slot >= 0; slot = places.next(slot, name)) {
      const first = at - (places.values[slot * 2] as number)
      const length = places.values[slot * 2 + 1] as number
      if (first < start || first + length > end || first + length <= from) continue
      const pattern = patternAt(bytes, first, length)
      if (pattern) hits.push({ start: first, end: first + length, pattern, introducer: -1 })
    }
  }

  function lookAtLong(index: GramIndex, bytes: Uint8Array, at: number, start: number, from: number, end: number): void {
    lookAt(index, nameHash(hashKey, wordAt(bytes, at), wordAt(bytes, at + 4)), bytes, at, start, from, end)
  }

  /** `filterHash` is written out: this loop is what everything that passes costs. */
  function findLong(bytes: Uint8Array, start: number, from: number, end: number): void {
    const { bits, shift } = long.filter
    const { first, second } = hashKey
    const words = wordsOf(bytes)
    const base = bytes.byteOffset
    const last = (base + end - longGram) >> 2
    let i = (base + Math.max(start, from - 2 * longGram + 2) + 3) >> 2
    for (; i <= last - 6; i += 8) {
      const a = Math.imul((words[i] as number) ^ Math.imul(words[i + 1] as number, first), second) >>> shift
      const b = Math.imul((words[i + 2] as number) ^ Math.imul(words[i + 3] as number, first), second) >>> shift
      const c = Math.imul((words[i + 4] as number) ^ Math.imul(words[i + 5] as number, first), second) >>> shift
      const d = Math.imul((words[i + 6] as number) ^ Math.imul(words[i + 7] as number, first), second) >>> shift
      const inA = ((bits[a >>> 5] as number) >>> a) & 1
      const inB = ((bits[b >>> 5] as number) >>> b) & 1
      const inC = ((bits[c >>> 5] as number) >>> c) & 1
      const inD = ((bits[d >>> 5] as number) >>> d) & 1
      if ((inA | inB | inC | inD) === 0) continue
      if (inA) lookAtLong(long, bytes, i * 4 - base, start, from, end)
      if (inB) lookAtLong(long, bytes, i * 4 - base + 8, start, from, end)
      if (inC) lookAtLong(long, bytes, i * 4 - base + 16, start, from, end)
      if (inD) lookAtLong(long, bytes, i * 4 - base + 24, start, from, end)
    }
    for (; i <= last; i += 2) {
      const bit = Math.imul((words[i] as number) ^ Math.imul(words[i + 1] as number, first), second) >>> shift
      if (((bits[bit >>> 5] as number) >>> bit) & 1) lookAtLong(long, bytes, i * 4 - base, start, from, end)
    }
  }

  function findShort(index: GramIndex, bytes: Uint8Array, start: number, from: number, end: number): void {
    const { bits, shift } = index.filter
    const { first, second } = hashKey
    const words = wordsOf(bytes)
    const base = bytes.byteOffset
    const last = (base + end - shortGram) >> 2
    for (let i = (base + Math.max(start, from - 2 * shortGram + 2) + 3) >> 2; i <= last; i++) {
      const bit = Math.imul(Math.imul(words[i] as number, first), second) >>> shift
      if ((((bits[bit >>> 5] as number) >>> bit) & 1) === 0) continue
      const at = i * 4 - base
      lookAt(index, nameHash(hashKey, 0, wordAt(bytes, at)), bytes, at, start, from, end)
    }
  }

  /** Where escapes are dense a loop looks for all three; behind text without one, the fastest search that there is. */
  function findEscaped(bytes: Uint8Array, start: number, from: number, end: number): void {
    const words = wordsOf(bytes)
    let at = nextIntroducer(bytes, start, end)
    while (at < end) {
      const edge = Math.min(end, at + blockBytes)
      const last = lookThrough(words, bytes, at, edge, start, from, end)
      at = last < edge - blockBytes / 2 ? nextIntroducer(bytes, edge, end) : edge
    }
  }

  /**
   * Looks at each escape in `bytes[at, edge)` that can be in a key, and returns where the last one, or the last that is no
   * text, may stand: a search for the next would end at once. -1 where all is text without one. A key is visible ASCII in
   * whatever way it is escaped. Where all are at least two units of eight bytes less one long, one holds a whole unit of
   * ASCII: what is neither such a unit nor beside one, as most of a picture, is left out.
   */
  function lookThrough(
    words: Int32Array,
    bytes: Uint8Array,
    at: number,
    edge: number,
    start: number,
    from: number,
    end: number,
  ): number {
    const base = bytes.byteOffset
    const whole = Math.min((base + edge + 7) >>> 3, words.length >>> 1)
    let last = -1
    let unit = (base + at) >>> 3
    let wasText = unit > 0 && isText(words, unit - 1)
    for (; unit < whole; unit++) {
      const low = words[unit * 2] as number
      const high = words[unit * 2 + 1] as number
      if (!wasText && !short && ((low | high) & highBits) !== 0) {
        last = unit
        continue
      }
      if ((mayIntroduce(low) | mayIntroduce(high)) === 0) {
        if (!wasText && unit > 0) lookAtUnit(words, bytes, unit - 1, start, from, end)
        wasText = true
      } else if (short || ((low | high) & highBits) === 0) {
        if (!wasText && unit > 0) lookAtUnit(words, bytes, unit - 1, start, from, end)
        lookAtUnit(words, bytes, unit, start, from, end)
        last = unit
        wasText = true
      } else {
        lookAtUnit(words, bytes, unit, start, from, end)
        wasText = false
      }
    }
    // The last bytes of memory that is no multiple of a unit long.
    for (let i = Math.max(start, unit * 8 - base - 8); i < edge; i++) lookAtByte(bytes, i, start, from, end)
    return last * 8 - base
  }

  function lookAtUnit(
    words: Int32Array,
    bytes: Uint8Array,
    unit: number,
    start: number,
    from: number,
    end: number,
  ): void {
    const first = unit * 8 - bytes.byteOffset
    let places = introducersIn(words[unit * 2] as number)
    for (; places !== 0; places &= places - 1) lookAtByte(bytes, first + placeOf(places), start, from, end)
    places = introducersIn(words[unit * 2 + 1] as number)
    for (; places !== 0; places &= places - 1) lookAtByte(bytes, first + 4 + placeOf(places), start, from, end)
  }

  function lookAtByte(bytes: Uint8Array, at: number, start: number, from: number, end: number): void {
    // An escape is two bytes long at least.
    if (at < start || at + 1 >= end) return
    const introducer = introducers[bytes[at] as number] as number
    if (((mayFollow[bytes[at + 1] as number] as number) & introducer) !== 0) lookAtEscape(bytes, at, start, from, end)
  }

  /**
   * Looks at an escape as the first of its key: before it stand plain bytes. They and it make a gram, or it and what
   * follows.
   */
  function lookAtEscape(bytes: Uint8Array, at: number, start: number, from: number, end: number): void {
    const read = readEscape(bytes, at, end)
    if (read < 0 || canBeEscaped[read & 0xff] === 0) return
    const plainBefore = at - start
    if (plainBefore >= longGram - 1) {
      const low = wordAt(bytes, at - 7)
      const high = (wordAt(bytes, at - 4) >>> 8) | (read << 24)
      if (mayHold(behindEscapes.filter, filterHash(hashKey, low, high)))
        lookAtPlaces(behindEscapes, nameHash(hashKey, low, high), bytes, at, start, from, end)
    }
    if (behindEscapesShort && plainBefore >= shortGram - 1) {
      const high = (bytes[at - 3] as number) | ((bytes[at - 2] as number) << 8) | ((bytes[at - 1] as number) << 16)
      if (mayHold(behindEscapesShort.filter, filterHash(hashKey, 0, high | (read << 24))))
        lookAtPlaces(behindEscapesShort, nameHash(hashKey, 0, high | (read << 24)), bytes, at, start, from, end)
    }
    const introducer = bytes[at] as number
    let next = at + (read >>> 8)
    let gram = read & 0xff
    for (let i = 8; i < 32; i += 8) {
      if (next >= end) return
      const byte = bytes[next] as number
      const unit = byte === introducer ? readEscape(bytes, next, end) : -1
      gram |= (unit < 0 ? byte : unit & 0xff) << i
      next += unit < 0 ? 1 : unit >>> 8
      // Few that begin so go on so: the other two are seldom read.
      if (i === 8 && !mayHold(pairs, filterHash(hashKey, 0, gram))) return
    }
    if (mayHold(atEscapes.filter, filterHash(hashKey, 0, gram)))
      lookAtPlaces(atEscapes, nameHash(hashKey, 0, gram), bytes, at, start, from, end)
  }

  /** The places of `index` are those of the escaped character. */
  function lookAtPlaces(
    { places }: GramIndex,
    name: number,
    bytes: Uint8Array,
    at: number,
    start: number,
    from: number,
    end: number,
  ): void {
    let refused = -1
    for (let slot = places.first(name); slot >= 0; slot = places.next(slot, name)) {
      const plain = places.values[slot * 2] as number
      const length = places.values[slot * 2 + 1] as number
      if (at - plain < start || (plain === refused && length > headLength)) continue
      if (length > headLength && !mayBeginKey(bytes, at, plain, end)) {
        refused = plain
        continue
      }
      const behind = decode(bytes, at, plain, length, end)
      if (behind > from) {
        const pattern = patternAt(decoded, 0, length)
        if (pattern) hits.push({ start: at - plain, end: behind, pattern, introducer: bytes[at] as number })
      }
      wipe(decoded, 0, length)
    }
  }

  /** Whether any key begins with the `headLength` characters, `plain` of them before the escape at `at`. */
  function mayBeginKey(bytes: Uint8Array, at: number, plain: number, end: number): boolean {
    const introducer = bytes[at] as number
    const { second } = hashKey
    let hash = second
    let next = at - plain
    for (let i = 0; i < headLength; i++) {
      if (next >= end) return false
      const byte = bytes[next] as number
      const unit = byte === introducer && i >= plain ? readEscape(bytes, next, end) : -1
      hash = nextHash(second, hash, unit < 0 ? byte : unit & 0xff)
      next += unit < 0 ? 1 : unit >>> 8
    }
    return mayHold(heads, hash)
  }

  /** Reads `length` characters into `decoded` in the same way and returns where the last one ends; -1 where that is behind `end`. */
  function decode(bytes: Uint8Array, at: number, plain: number, length: number, end: number): number {
    const introducer = bytes[at] as number
    let next = at - plain
    for (let i = 0; i < length; i++) {
      if (next >= end) return -1
      const byte = bytes[next] as number
      const unit = byte === introducer && i >= plain ? readEscape(bytes, next, end) : -1
      decoded[i] = unit < 0 ? byte : unit
      next += unit < 0 ? 1 : unit >>> 8
    }
    return next
  }

  /** `stop`: where what is searched ends, if more of it follows; otherwise no key reaches it. */
  function overwrite(bytes: Uint8Array, stop: number): number {
    hits.sort((a, b) => a.start - b.start || b.end - a.end)
    let lowest = -1
    for (let i = 0; i < hits.length; ) {
      const hit = hits[i] as Hit
      let { end } = hit
      let isLeft = mayGoOn(hit, stop)
      for (i++; i < hits.length && (hits[i] as Hit).start < end; i++) {
        const other = hits[i] as Hit
        end = Math.max(end, other.end)
        isLeft &&= mayGoOn(other, stop)
      }
      if (isLeft) continue
      if (lowest < 0) lowest = hit.start
      // Of keys that overlap none may leave a rest behind.
      if (end !== hit.end || !writePhantom(bytes, hit)) bytes.fill(zero, hit.start, end)
    }
    hits.length = 0
    return lowest
  }

  function mayGoOn({ end, pattern }: Hit, stop: number): boolean {
    return stop - end < (reaches.get(pattern.secret) ?? 0)
  }

  /** In the same spelling, so that an app that sends back what it was given (the link to the next page) still can. */
  function writePhantom(bytes: Uint8Array, { start, pattern, introducer }: Hit): boolean {
    const { phantom, masked } = pattern.secret
    if (phantom.length !== masked.length) return false
    pattern.spelling.write(phantom, phantom.length, spelled)
    let next = start
    for (let i = 0; i < pattern.length; i++) {
      const byte = spelled[i] as number
      const unit = bytes[next] === introducer ? readEscape(bytes, next, bytes.length) : -1
      if (unit < 0) bytes[next] = byte
      else if (!rewriteEscape(bytes, next, unit >>> 8, byte)) return false
      next += unit < 0 ? 1 : unit >>> 8
    }
    return true
  }

  return {
    longest: secrets.length === 0 ? 1 : keyLengthMax * escapeBytesMax,
    scrub(bytes, start, from, end, more = false) {
      if (patterns.length === 0 || end <= start) return -1
      // What was left the last time is looked for again.
      const behind = from - reachMax
      if (behind >= end) return -1
      findLong(bytes, start, behind, end)
      if (short) findShort(short, bytes, start, behind, end)
      findEscaped(bytes, start, behind, end)
      return hits.length === 0 ? -1 : overwrite(bytes, more ? end : Number.POSITIVE_INFINITY)
    },
  }
}

/** A Buffer, as what comes from a socket is: V8 makes faster code where all are one class. */
const workingBytes = (length: number): Uint8Array => Buffer.from(secretBytes(length).buffer)

/** For each key that is a part of another: how many bytes of any spelling of that one can follow it. */
function reachesOf(secrets: readonly Secret[]): ReadonlyMap<Secret, number> {
  const keys = secrets.map(({ masked }) => secretBytes(masked.length))
  try {
    for (const [index, { masked }] of secrets.entries()) unmaskInto(masked, keys[index] as Uint8Array, 0)
    const reaches = new Map<Secret, number>()
    for (const [index, secret] of secrets.entries()) {
      const part = keys[index] as Uint8Array
      for (const whole of keys) {
        const at = whole.length > part.length ? Buffer.prototype.indexOf.call(whole, part) : -1
        if (at < 0) continue
        // Also where nothing follows: in UTF-16LE the part ends a byte later than in UTF-16BE.
        const reach = Math.max(1, (whole.length - at - part.length) * escapeBytesMax)
        reaches.set(secret, Math.max(reaches.get(secret) ?? 0, reach))
      }
    }
    return reaches
  } finally {
    for (const key of keys) wipe(key)
  }
}

/** Small enough that V8 optimises what goes through one as a function, and not its loop alone (measured: ten times). */
const blockBytes = 512

function isText(words: Int32Array, unit: number): boolean {
  return (((words[unit * 2] as number) | (words[unit * 2 + 1] as number)) & highBits) === 0
}

const highBits = 0x8080_8080 | 0
const lowBits = 0x7f7f_7f7f
const ones = 0x0101_0101

/** Not 0 where a byte of `$%&'` or `\` is in the word, or one that is not ASCII. */
function mayIntroduce(word: number): number {
  return ((((word & 0xfcfc_fcfc) ^ 0x2424_2424) - ones) | ((word ^ 0x5c5c_5c5c) - ones)) & highBits
}

/** The highest bit of each byte of `$%&'` or `\`: what is zero but for it does not carry into it. */
function introducersIn(word: number): number {
  const low = (word & 0xfcfc_fcfc) ^ 0x2424_2424
  const high = word ^ 0x5c5c_5c5c
  const others = (((low & lowBits) + lowBits) | low) & (((high & lowBits) + lowBits) | high)
  return ~others & highBits
}

/** Of the lowest bit that is set: which byte of the word it is in. */
function placeOf(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >>> 3
}

const introducerBytes = [...introducers.keys()].filter((byte) => introducers[byte] !== 0)

/** Where the first escape in `bytes[from, end)` may be, or `end`. */
function nextIntroducer(bytes: Uint8Array, from: number, end: number): number {
  let nearest = end
  for (const introducer of introducerBytes) {
    const at = Buffer.prototype.indexOf.call(bytes, introducer, from, nearest)
    if (at >= 0 && at < nearest) nearest = at
  }
  return nearest
}

const wordViews = new WeakMap<ArrayBufferLike, Int32Array>()

/** The words of the memory that `bytes` is part of, counted from its start. */
function wordsOf({ buffer }: Uint8Array): Int32Array {
  const known = wordViews.get(buffer)
  if (known) return known
  const words = new Int32Array(buffer, 0, buffer.byteLength >>> 2)
  wordViews.set(buffer, words)
  return words
}
