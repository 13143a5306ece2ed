import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '../../limits.ts'
import { applyDelta } from './delta.ts'
import type { Repository } from './find-repository.ts'
import { inflateExactly } from './inflate.ts'
import { parseObjectHead } from './object-head.ts'
import { type GitObject, type ObjectProblem, readLooseObject } from './object-reader.ts'
import { type PackIndex, parsePackIndex } from './pack-index.ts'
import { openPackReader, type PackReader } from './pack-reader.ts'
import { folderEntries, readSmallFile } from './read-small-file.ts'

/**
 * Reads single objects by their ids, in hexadecimal digits. Opens in the time that it takes to read the packs' indexes:
 * for a few objects of a large repository. Nothing that a repository holds makes it throw.
 */
export interface ObjectLookup {
  read(id: string): GitObject | ObjectProblem
  /** Ids that begin so, at most two. */
  idsFrom(prefix: string): readonly string[]
  readonly gaps: readonly string[]
  close(): void
}

interface OpenPack {
  readonly reader: PackReader
  readonly index: PackIndex
  readonly end: number
  readonly recent: Map<number, GitObject>
}

const recentObjectsMax = 64

export function openObjectLookup(repository: Repository): ObjectLookup {
  const { commonFolder, idBytes } = repository
  const objects = join(commonFolder, 'objects')
  const gaps: string[] = []
  const packs = openPacks(join(objects, 'pack'), idBytes, gaps)

  function read(id: string): GitObject | ObjectProblem {
    const bytes = Buffer.from(id, 'hex')
    if (bytes.length !== idBytes) return 'missing'
    for (const pack of packs) {
      const place = placeOf(pack.index, idBytes, bytes)
      if (place.isExact) return readPacked(pack, pack.index.offsets[place.at] ?? 0)
    }
    return readLooseObject(objects, id)
  }

  function readPacked(pack: OpenPack, offset: number): GitObject | ObjectProblem {
    const deltas: Buffer[] = []
    let at = offset
    let object: GitObject | ObjectProblem | undefined
    while (!object) {
      object = pack.recent.get(at)
      if (object) break
      const head = pack.reader.slice(at, Math.min(pack.end, at + 32 + idBytes))
      const parsed = head && parseObjectHead(head, idBytes)
      if (!parsed || deltas.length > limits.historyChainMax) return 'damaged'
      if (parsed.size > limits.historyObjectBytesMax) return 'too large'
      // zlib at its worst: stored blocks, five bytes to each 16 KiB, and a little before and behind.
      const worst = parsed.size + (Math.floor(parsed.size / 16_383) + 1) * 5 + 32
      const start = at + parsed.length
      const deflated = pack.reader.slice(start, Math.min(pack.end, start + worst))
      const content = deflated && inflateExactly(deflated, parsed.size)
      if (!content) return 'damaged'
      if (parsed.type !== undefined) object = { type: parsed.type, content }
      else {
        deltas.push(content)
        if (parsed.baseId !== undefined) object = read(parsed.baseId)
        else if (parsed.baseDistance !== undefined && parsed.baseDistance > 0) at -= parsed.baseDistance
        else return 'damaged'
      }
    }
    for (let delta = deltas.pop(); delta && typeof object !== 'string'; delta = deltas.pop()) {
      const content = applyDelta(object.content, delta, limits.historyObjectBytesMax)
      object = content ? { type: object.type, content } : 'damaged'
    }
    if (typeof object !== 'string') remember(pack, offset, object)
    return object
  }

  return {
    read,
    idsFrom(prefix) {
      const found = new Set<string>()
      const bytes = Buffer.from(prefix.padEnd(idBytes * 2, '0'), 'hex')
      for (const { index } of packs) {
        for (let { at } = placeOf(index, idBytes, bytes); at < index.count && found.size < 2; at++) {
          const id = Buffer.from(index.ids.subarray(at * idBytes, (at + 1) * idBytes)).toString('hex')
          if (!id.startsWith(prefix)) break
          found.add(id)
        }
      }
      for (const { name } of folderEntries(join(objects, prefix.slice(0, 2)))) {
        const id = prefix.slice(0, 2) + name
        if (found.size < 2 && id.length === idBytes * 2 && id.startsWith(prefix)) found.add(id)
      }
      return [...found]
    },
    gaps,
    close() {
      for (const { reader } of packs) reader.close()
    },
  }
}

function openPacks(folder: string, idBytes: number, gaps: string[]): OpenPack[] {
  return folderEntries(folder).flatMap(({ name, isFile }) => {
    if (!isFile || !/^pack-[\w-]+\.pack$/.test(name)) return []
    const path = join(folder, name)
    const content = readSmallFile(path.replace(/pack$/, 'idx'), limits.historyObjectsMax * (idBytes + 16))
    const index = typeof content === 'string' ? `could not be read (${content})` : parsePackIndex(content, idBytes)
    const reader = openPackReader(path)
    if (typeof index === 'string' || typeof reader === 'string') {
      gaps.push(
        `${name}: its index ${typeof index === 'string' ? index : `is there, and it could not be read (${reader})`}`,
      )
      if (typeof reader !== 'string') reader.close()
      return []
    }
    const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
    return [{ reader, index, end: size - idBytes, recent: new Map() }]
  })
}

function remember({ recent }: OpenPack, offset: number, object: GitObject): void {
  // Trees and commits, whose neighbours are asked for next.
  if (object.content.length > 262_144) return
  recent.set(offset, object)
  const [oldest] = recent.keys()
  if (recent.size > recentObjectsMax && oldest !== undefined) recent.delete(oldest)
}

/** Where an id stands, or would. */
function placeOf({ ids, count }: PackIndex, idBytes: number, wanted: Uint8Array): { at: number; isExact: boolean } {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    const order = Buffer.compare(ids.subarray(middle * idBytes, (middle + 1) * idBytes), wanted)
    if (order === 0) return { at: middle, isExact: true }
    if (order < 0) low = middle + 1
    else high = middle
  }
  return { at: low, isExact: false }
}
