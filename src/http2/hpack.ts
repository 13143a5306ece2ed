import { copyBytes } from '../http1/copy-bytes.ts'
import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'
import { decodeHuffman } from './huffman.ts'
import { secretBuffer } from './secret-buffer.ts'
import { staticEntries } from './static-table.ts'

/** A decoded field section: places in `bytes`, valid until the next one is decoded. */
export interface FieldBlock {
  readonly bytes: Buffer
  /** Four numbers a field: name start and end, value start and end. */
  readonly places: Int32Array
  count: number
  /** The section is larger than a head may be: it was decoded for the table's sake, and holds nothing to go by. */
  isTooLarge: boolean
}

/** Reads what one peer's encoder writes (RFC 7541). */
export interface HpackDecoder {
  /**
   * Decodes a whole field block into the one shared `FieldBlock`; returns it, or a sentence (which names no value) where
   * the block is malformed and the connection is lost. The caller calls `wipeBlock` when it is done.
   */
  decode(bytes: Uint8Array, start: number, end: number): FieldBlock | string
  /** The largest dynamic table that the encoder may ask for from now on, in bytes. */
  limitTable(bytes: number): void
  /** Ends it: nothing that was decoded is left in memory. */
  close(): void
}

/** RFC 7541 §4.1: what an entry is taken to cost beside its text. */
const entryOverhead = 32
/** RFC 9113 §6.5.2: SETTINGS_HEADER_TABLE_SIZE before anybody changes it. */
const tableBytesFirst = 4_096
const staticCount = staticEntries.length

/** One for all connections: a block is used before the next one is decoded. Outside the heap, as it can echo a key. */
const block: FieldBlock = {
  bytes: secretBuffer(limits.headBytesMax),
  places: new Int32Array(limits.fieldsMax * 4),
  count: 0,
  isTooLarge: false,
}

export function wipeBlock(): void {
  const last = block.count * 4 - 1
  wipe(block.bytes, 0, block.isTooLarge ? block.bytes.length : last < 0 ? 0 : block.places[last])
  block.count = 0
}

/** Where an integer's reading has come to; -1 where it is cut short or larger than anything that we take. */
let integerEnd = 0

/** RFC 7541 §5.1, with a prefix of `bits`. */
function readInteger(bytes: Uint8Array, at: number, end: number, bits: number): number {
  const full = (1 << bits) - 1
  let value = (bytes[at] as number) & full
  integerEnd = at + 1
  if (value < full) return value
  for (let shift = 0; shift < 28; shift += 7) {
    if (integerEnd >= end) return -1
    const byte = bytes[integerEnd++] as number
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return value
  }
  return -1
}

interface Entry {
  readonly at: number
  readonly nameLength: number
  readonly valueLength: number
}

export function createHpackDecoder(): HpackDecoder {
  let tableLimit = tableBytesFirst
  let tableMax = tableBytesFirst
  let tableSize = 0
  /** Oldest first; their texts stand in `store` one behind the other in the same order. */
  const entries: Entry[] = []
  let store: Uint8Array | undefined
  let storeEnd = 0

  const evict = (room: number): void => {
    let count = 0
    for (; count < entries.length && tableSize > room; count++) {
      const { at, nameLength, valueLength } = entries[count] as Entry
      tableSize -= nameLength + valueLength + entryOverhead
      if (store) wipe(store, at, at + nameLength + valueLength)
    }
    if (count > 0) entries.splice(0, count)
  }

  /** Puts the texts together at the front of the store. */
  const compact = (into: Uint8Array): void => {
    const from = entries[0]?.at ?? storeEnd
    into.copyWithin(0, from, storeEnd)
    const length = storeEnd - from
    wipe(into, length, storeEnd)
    for (const [index, entry] of entries.entries()) entries[index] = { ...entry, at: entry.at - from }
    storeEnd = length
  }

  const insert = (nameAt: number, nameEnd: number, valueAt: number, valueEnd: number): void => {
    const nameLength = nameEnd - nameAt
    const valueLength = valueEnd - valueAt
    const size = nameLength + valueLength + entryOverhead
    if (size > tableMax) {
      evict(0)
      return
    }
    evict(tableMax - size)
    store ??= secretBytes(2 * tableBytesFirst)
    if (storeEnd + nameLength + valueLength > store.length) compact(store)
    entries.push({ at: storeEnd, nameLength, valueLength })
    storeEnd = copyBytes(block.bytes, nameAt, nameEnd, store, storeEnd)
    storeEnd = copyBytes(block.bytes, valueAt, valueEnd, store, storeEnd)
    tableSize += size
  }

  /** Copies the name (and the value) of the entry `index` to `at`; -1 where there is none, -2 where it has no room. */
  const copyEntry = (index: number, at: number, part: 'name' | 'value'): number => {
    let from: Uint8Array
    let start = 0
    let end: number
    if (index <= staticCount) {
      const entry = staticEntries[index - 1]
      if (!entry) return -1
      from = entry[part]
      end = from.length
    } else {
      const entry = entries[entries.length - (index - staticCount)]
      if (!entry || !store) return -1
      from = store
      start = part === 'name' ? entry.at : entry.at + entry.nameLength
      end = start + (part === 'name' ? entry.nameLength : entry.valueLength)
    }
    return at + end - start > block.bytes.length ? -2 : copyBytes(from, start, end, block.bytes, at)
  }

  /** A string literal (RFC 7541 §5.2) to `at`; -1 where it is malformed, -2 where it has no room. `integerEnd` moves on. */
  const readString = (bytes: Uint8Array, from: number, end: number, at: number): number => {
    if (from >= end) return -1
    const length = readInteger(bytes, from, end, 7)
    const start = integerEnd
    if (length < 0 || length > end - start) return -1
    integerEnd = start + length
    const limit = block.bytes.length
    if ((bytes[from] as number) >= 128) return decodeHuffman(bytes, start, integerEnd, block.bytes, at, limit)
    return at + length > limit ? -2 : copyBytes(bytes, start, integerEnd, block.bytes, at)
  }

  const decode = (bytes: Uint8Array, start: number, end: number): FieldBlock | string => {
    block.count = 0
    block.isTooLarge = false
    let to = 0
    let i = start
    let isFirst = true
    while (i < end) {
      const byte = bytes[i] as number
      if ((byte & 0xe0) === 0x20) {
        const wanted = readInteger(bytes, i, end, 5)
        if (wanted < 0 || wanted > tableLimit || !isFirst) return 'a table size that is not allowed, or not there'
        tableMax = wanted
        evict(tableMax)
        i = integerEnd
        continue
      }
      isFirst = false
      const fieldAt = i
      // What is behind a section that is too large is decoded over its beginning: only the table still matters.
      const nameAt = block.isTooLarge ? 0 : to
      const isIndexed = byte >= 128
      const addsEntry = (byte & 0xc0) === 0x40
      const index = readInteger(bytes, i, end, isIndexed ? 7 : addsEntry ? 6 : 4)
      i = integerEnd
      if (index < 0 || (isIndexed && index === 0)) return 'an index that is no index'
      let nameEnd: number
      let valueEnd: number
      if (index > 0) nameEnd = copyEntry(index, nameAt, 'name')
      else {
        nameEnd = readString(bytes, i, end, nameAt)
        i = integerEnd
      }
      if (nameEnd === -1) return index > 0 ? 'an index without an entry' : 'a malformed string'
      const valueAt = nameEnd < 0 ? nameAt : nameEnd
      if (isIndexed) valueEnd = copyEntry(index, valueAt, 'value')
      else {
        valueEnd = readString(bytes, i, end, valueAt)
        i = integerEnd
        if (valueEnd === -1) return 'a malformed string'
      }
      const hasRoom = nameEnd >= 0 && valueEnd >= 0
      if (!hasRoom && nameAt > 0) {
        // Once more, at the beginning: it may still belong into the table.
        block.isTooLarge = true
        i = fieldAt
        continue
      }
      // Larger than a head is larger than the table (RFC 7541 §4.4: that empties it).
      if (addsEntry) {
        if (hasRoom) insert(nameAt, nameEnd, valueAt, valueEnd)
        else evict(0)
      }
      if (!hasRoom || block.count === limits.fieldsMax) block.isTooLarge = true
      if (block.isTooLarge) continue
      to = valueEnd
      const place = block.count++ * 4
      block.places[place] = nameAt
      block.places[place + 1] = nameEnd
      block.places[place + 2] = valueAt
      block.places[place + 3] = valueEnd
    }
    return block
  }

  return {
    decode,
    limitTable(bytes) {
      tableLimit = Math.min(bytes, tableBytesFirst)
    },
    close() {
      if (store) wipe(store)
      entries.length = 0
      tableSize = 0
    },
  }
}

/** An entry of the static table, name and value. */
export function putIndexed(into: Uint8Array, at: number, index: number): number {
  return putInteger(into, at, 0x80, 7, index)
}

/**
 * A literal that no reader may put into a table (RFC 7541 §6.2.3): `nameIndex` of the static table, or 0 and the name
 * in lower case behind. Values go out as they are: Huffman's code would leave the key in one more spelling.
 */
export function putNameIndex(into: Uint8Array, at: number, nameIndex: number): number {
  return putInteger(into, at, 0x10, 4, nameIndex)
}

export function putStringLength(into: Uint8Array, at: number, length: number): number {
  return putInteger(into, at, 0, 7, length)
}

/** First in a block: we keep no table, and every reader may forget its own (RFC 7541 §6.3). */
export function putNoTable(into: Uint8Array, at: number): number {
  return putInteger(into, at, 0x20, 5, 0)
}

function putInteger(into: Uint8Array, start: number, first: number, bits: number, value: number): number {
  const full = (1 << bits) - 1
  let at = start
  if (value < full) {
    into[at++] = first | value
    return at
  }
  into[at++] = first | full
  let rest = value - full
  for (; rest >= 128; rest = Math.floor(rest / 128)) into[at++] = (rest % 128) | 128
  into[at++] = rest
  return at
}
