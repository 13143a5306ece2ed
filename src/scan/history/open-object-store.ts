import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '../../limits.ts'
import type { Repository } from './find-repository.ts'
import { parseObjectHead } from './object-head.ts'
import { indexIds, numberOfText, type ObjectStore, type Pack } from './object-store.ts'
import { type PackIndex, parsePackIndex } from './pack-index.ts'
import { openPackReader, type PackReader } from './pack-reader.ts'
import { folderEntries, readSmallFile } from './read-small-file.ts'

/** Lists a repository's objects and which is made of which, without reading what is in them. */
export function openObjectStore(repository: Repository): { store: ObjectStore; gaps: string[] } {
  const { commonFolder, idBytes } = repository
  const gaps: string[] = []
  const indexed = readIndexes(join(commonFolder, 'objects/pack'), idBytes, gaps)
  const loose = looseIds(join(commonFolder, 'objects'), idBytes, gaps)
  const packedCount = indexed.reduce((sum, { index }) => sum + index.count, 0)
  const count = packedCount + loose.length
  const ids = new Uint8Array(new SharedArrayBuffer(count * idBytes))
  const offsets = new Float64Array(new SharedArrayBuffer(packedCount * 8))
  const packs: Pack[] = []
  let first = 0
  for (const { path, index, end } of indexed) {
    const pack = { path, first, count: index.count, end }
    if (!placeInOrder(pack, index, idBytes, ids, offsets)) {
      gaps.push(`${name(path)}: its index is damaged; the pack was not read`)
      continue
    }
    packs.push(pack)
    first += index.count
  }
  for (const [i, id] of loose.entries()) ids.set(id, (first + i) * idBytes)
  const used = first + loose.length
  const slots = new Int32Array(new SharedArrayBuffer(slotCount(used) * 4))
  const shared = ids.subarray(0, used * idBytes)
  indexIds(shared, idBytes, slots)
  const store: ObjectStore = {
    idBytes,
    count: used,
    packs,
    packedCount: first,
    looseFolder: join(commonFolder, 'objects'),
    ids: shared,
    slots,
    offsets: offsets.subarray(0, first),
    heads: new Uint8Array(new SharedArrayBuffer(first)),
    sizes: new Uint32Array(new SharedArrayBuffer(first * 4)),
    bases: sharedNumbers(used, -1),
    firstChild: sharedNumbers(used, -1),
    nextSibling: sharedNumbers(used, -1),
    weights: sharedNumbers(used, 1),
    heavyChild: sharedNumbers(used, -1),
    types: new Uint8Array(new SharedArrayBuffer(used)),
  }
  for (const pack of packs) readHeads(store, pack, gaps)
  linkDeltas(store)
  return { store, gaps }
}

function sharedNumbers(length: number, value: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4)).fill(value)
}

function slotCount(count: number): number {
  let size = 16
  while (size < count * 2) size *= 2
  return size
}

function readIndexes(folder: string, idBytes: number, gaps: string[]) {
  const indexed: { path: string; index: PackIndex; end: number }[] = []
  let total = 0
  const entries = folderEntries(folder).filter(({ isFile }) => isFile)
  const names = new Set(entries.map(({ name: file }) => file))
  for (const { name: file } of entries) {
    if (!/^pack-[\w-]+\.pack$/.test(file)) continue
    const path = join(folder, file)
    const indexName = file.replace(/pack$/, 'idx')
    if (!names.has(indexName)) {
      gaps.push(`${file}: it has no index; the pack was not read`)
      continue
    }
    const content = readSmallFile(join(folder, indexName), limits.historyObjectsMax * (idBytes + 16))
    const index = typeof content === 'string' ? `could not be read (${content})` : parsePackIndex(content, idBytes)
    if (typeof index === 'string') {
      gaps.push(`${indexName}: ${index}; the pack was not read`)
      continue
    }
    total += index.count
    if (total > limits.historyObjectsMax) {
      gaps.push(`${file}: with it there are more than ${limits.historyObjectsMax} objects; it was not read`)
      total -= index.count
      continue
    }
    const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
    indexed.push({ path, index, end: size - idBytes })
  }
  return indexed
}

/** By offset instead of by id; false where two objects begin at one place, or one outside of the pack. */
function placeInOrder(pack: Pack, index: PackIndex, idBytes: number, ids: Uint8Array, offsets: Float64Array): boolean {
  const sorted = index.offsets.slice().sort()
  for (let i = 0; i < sorted.length; i++) {
    const offset = sorted[i] ?? 0
    if (offset < 12 || offset >= pack.end || offset === sorted[i - 1]) return false
  }
  offsets.set(sorted, pack.first)
  for (let i = 0; i < index.count; i++) {
    const place = pack.first + placeOf(sorted, index.offsets[i] ?? 0)
    ids.set(index.ids.subarray(i * idBytes, (i + 1) * idBytes), place * idBytes)
  }
  return true
}

/** Where a value stands in a sorted list; -1 where it does not. */
function placeOf(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = sorted[middle] ?? 0
    if (found === value) return middle
    if (found < value) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function looseIds(folder: string, idBytes: number, gaps: string[]): Uint8Array[] {
  const ids: Uint8Array[] = []
  for (const { name: start, isFolder } of folderEntries(folder)) {
    if (!isFolder || !/^[0-9a-f]{2}$/.test(start)) continue
    for (const { name: rest, isFile } of folderEntries(join(folder, start))) {
      if (!isFile || rest.length !== idBytes * 2 - 2 || !/^[0-9a-f]+$/.test(rest)) continue
      if (ids.length >= limits.historyLooseObjectsMax) {
        gaps.push(`more than ${limits.historyLooseObjectsMax} loose objects: the rest was not read (git gc)`)
        return ids
      }
      ids.push(Buffer.from(start + rest, 'hex'))
    }
  }
  return ids
}

function readHeads(store: ObjectStore, pack: Pack, gaps: string[]): void {
  const reader = openPackReader(pack.path)
  if (typeof reader === 'string') {
    gaps.push(`${name(pack.path)}: could not be read (${reader})`)
    store.bases.fill(-2, pack.first, pack.first + pack.count)
    return
  }
  const signature = Buffer.from(reader.slice(0, 12) ?? [])
  if (
    signature.length < 12 ||
    signature.toString('latin1', 0, 4) !== 'PACK' ||
    ![2, 3].includes(signature.readUInt32BE(4))
  ) {
    gaps.push(`${name(pack.path)}: is no pack of a version that is read`)
    store.bases.fill(-2, pack.first, pack.first + pack.count)
  } else for (let number = pack.first; number < pack.first + pack.count; number++) readHead(store, pack, reader, number)
  reader.close()
}

function readHead(store: ObjectStore, pack: Pack, reader: PackReader, number: number): void {
  const { offsets, idBytes } = store
  const offset = offsets[number] ?? 0
  // Ten bytes of size, and an id or ten bytes of offset.
  const head = reader.slice(offset, Math.min(pack.end, offset + 10 + idBytes))
  store.bases[number] = -2
  if (!head) return
  const parsed = parseObjectHead(head, idBytes)
  if (!parsed) return
  const { type, size, length, baseDistance, baseId } = parsed
  store.sizes[number] = Math.min(size, 0xffffffff)
  store.heads[number] = length
  if (type !== undefined) {
    store.bases[number] = -1
    store.types[number] = type
  } else if (baseDistance !== undefined) {
    const place = placeOf(offsets.subarray(pack.first, pack.first + pack.count), offset - baseDistance)
    store.bases[number] = place === -1 || baseDistance === 0 ? -2 : pack.first + place
  } else if (baseId !== undefined) {
    const base = numberOfText(store, baseId)
    store.bases[number] = base === -1 || base === number ? -2 : base
  }
}

/** Lists each object's deltas, and what whole chains weigh. What goes around in a circle stays without a type. */
function linkDeltas(store: ObjectStore): void {
  const { bases, firstChild, nextSibling, weights, heavyChild, types, packedCount, count } = store
  for (let number = packedCount - 1; number >= 0; number--) {
    const base = bases[number] ?? -2
    if (base < 0) continue
    nextSibling[number] = firstChild[base] ?? -1
    firstChild[base] = number
  }
  // Bases before what is made of them.
  const order = new Int32Array(count)
  let length = 0
  for (let number = 0; number < count; number++) if (bases[number] === -1) order[length++] = number
  for (let i = 0; i < length; i++) {
    const number = order[i] ?? 0
    for (let child = firstChild[number] ?? -1; child !== -1; child = nextSibling[child] ?? -1) {
      types[child] = types[number] ?? 0
      order[length++] = child
    }
  }
  for (let i = length - 1; i >= 0; i--) {
    const number = order[i] ?? 0
    const base = bases[number] ?? -1
    if (base < 0) continue
    weights[base] = (weights[base] ?? 0) + (weights[number] ?? 0)
    const heavy = heavyChild[base] ?? -1
    if (heavy === -1 || (weights[heavy] ?? 0) < (weights[number] ?? 0)) heavyChild[base] = number
  }
}

function name(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
