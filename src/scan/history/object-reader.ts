import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { limits } from '../../limits.ts'
import { applyDelta } from './delta.ts'
import { inflateExactly } from './inflate.ts'
import { idText, type ObjectStore, objectTypes, type Pack } from './object-store.ts'
import { openPackReader, type PackReader } from './pack-reader.ts'
import { readSmallFile } from './read-small-file.ts'

/** Why an object could not be had. */
export type ObjectProblem = 'damaged' | 'missing' | 'too large'

export interface GitObject {
  /** See objectTypes. */
  readonly type: number
  readonly content: Buffer
}

/** Reads single objects. Nothing that a repository holds makes it throw. */
export interface ObjectReader {
  /** What is stored of an object: the whole, or the delta that makes it of its base. */
  stored(number: number): GitObject | ObjectProblem
  /** The object itself; a chain of deltas is followed anew, unless a part of it was read lately. */
  read(number: number): GitObject | ObjectProblem
  close(): void
}

const recentBytesMax = 33_554_432

export function openObjectReader(store: ObjectStore): ObjectReader {
  const readers = new Map<Pack, PackReader | string>()
  const recent = new Map<number, GitObject>()
  let recentBytes = 0

  function readerOf(pack: Pack): PackReader | undefined {
    let reader = readers.get(pack)
    if (reader === undefined) {
      reader = openPackReader(pack.path)
      readers.set(pack, reader)
    }
    return typeof reader === 'string' ? undefined : reader
  }

  function stored(number: number): GitObject | ObjectProblem {
    if (number >= store.packedCount) return readLooseObject(store.looseFolder, idText(store, number))
    const size = store.sizes[number] ?? 0
    if (size > limits.historyObjectBytesMax) return 'too large'
    const pack = packOf(store, number)
    const next = number + 1 < pack.first + pack.count ? (store.offsets[number + 1] ?? 0) : pack.end
    const start = (store.offsets[number] ?? 0) + (store.heads[number] ?? 0)
    const deflated = readerOf(pack)?.slice(start, next)
    const content = deflated && inflateExactly(deflated, size)
    return content ? { type: store.types[number] ?? 0, content } : 'damaged'
  }

  function remember(number: number, object: GitObject): void {
    recent.set(number, object)
    recentBytes += object.content.length
    for (const [old, { content }] of recent) {
      if (recentBytes <= recentBytesMax) break
      recent.delete(old)
      recentBytes -= content.length
    }
  }

  return {
    stored,
    read(number) {
      const chain: number[] = []
      let base = number
      while (base >= 0 && !recent.has(base) && (store.bases[base] ?? -1) !== -1) {
        chain.push(base)
        base = store.bases[base] ?? -2
        if (chain.length > limits.historyChainMax) return 'damaged'
      }
      if (base < 0) return 'damaged'
      let object = recent.get(base) ?? stored(base)
      for (let link = chain.pop(); link !== undefined && typeof object !== 'string'; link = chain.pop()) {
        const delta = stored(link)
        if (typeof delta === 'string') return delta
        const content = applyDelta(object.content, delta.content, limits.historyObjectBytesMax)
        object = content ? { type: object.type, content } : 'damaged'
      }
      if (typeof object !== 'string' && !recent.has(number)) remember(number, object)
      return object
    },
    close() {
      for (const reader of readers.values()) if (typeof reader !== 'string') reader.close()
    },
  }
}

function packOf(store: ObjectStore, number: number): Pack {
  const pack = store.packs.findLast(({ first }) => first <= number)
  if (!pack) throw new RangeError(`no pack has object ${number}`)
  return pack
}

const looseTypes: Readonly<Record<string, number>> = objectTypes

/** An object that is a file of its own, by its id. */
export function readLooseObject(folder: string, id: string): GitObject | ObjectProblem {
  const deflated = readSmallFile(join(folder, id.slice(0, 2), id.slice(2)), limits.historyObjectBytesMax)
  if (deflated === 'ENOENT') return 'missing'
  if (typeof deflated === 'string') return deflated === 'too large' ? deflated : 'damaged'
  let whole: Buffer
  try {
    whole = inflateSync(deflated, { maxOutputLength: limits.historyObjectBytesMax + 32 })
  } catch (error) {
    return error instanceof RangeError ? 'too large' : 'damaged'
  }
  const end = whole.subarray(0, 32).indexOf(0)
  const [, name = '', size] = /^(commit|tree|blob|tag) (\d+)$/.exec(whole.toString('latin1', 0, Math.max(0, end))) ?? []
  const type = looseTypes[name]
  const content = whole.subarray(end + 1)
  return type === undefined || Number(size) !== content.length ? 'damaged' : { type, content }
}
