import { limits } from '../../limits.ts'
import { applyDelta } from './delta.ts'
import type { ObjectProblem, ObjectReader } from './object-reader.ts'
import { isFirstCopy, type ObjectStore } from './object-store.ts'

/** An object as it is passed by; good until the next one. */
export interface Visited {
  readonly number: number
  readonly type: number
  readonly content: Buffer
  /** The object of which this one is stored as a delta, or -1. */
  readonly base: number
  /** Start and end of each part that does not come from the base, in turn. */
  readonly changed: readonly number[]
}

/** Work that threads share: chunks of chains, the next of which is taken by whoever is free. */
export interface SharedWork {
  /** The next chunk, and how many KiB all threads have unpacked. */
  readonly counters: Int32Array
}

/** How many objects were not visited, and why. */
export type Unread = Partial<Record<ObjectProblem, number>>

export function newWork(): SharedWork {
  return { counters: new Int32Array(new SharedArrayBuffer(8)) }
}

const chunkObjects = 512

/**
 * Visits every object of the wanted types once, the copies of one in several packs only once. Each chain of deltas is
 * followed once from its base, and what is held meanwhile is bounded: of an object's deltas the one that most is made
 * of comes last, when the object itself is not needed any more, so that no more are held than the logarithm of their
 * number.
 */
export function walkChains(
  store: ObjectStore,
  reader: ObjectReader,
  work: SharedWork,
  isWanted: (type: number) => boolean,
  visit: (object: Visited) => void,
): Unread {
  const unread: Unread = {}
  const walk = chainWalker(store, reader, work, isWanted, visit, unread)
  const chunks = chunkStarts(store, isWanted)
  for (let next = Atomics.add(work.counters, 0, 1); next < chunks.length; next = Atomics.add(work.counters, 0, 1)) {
    const end = chunks[next + 1] ?? store.count
    for (let number = chunks[next] ?? 0; number < end; number++) if (isRoot(store, number, isWanted)) walk(number)
  }
  return unread
}

/** Type 0 has a loose object that nobody has read yet: whoever comes first wants it, to see what it is. */
function isRoot(store: ObjectStore, number: number, isWanted: (type: number) => boolean): boolean {
  return store.bases[number] === -1 && isWanted(store.types[number] ?? 0)
}

/** Numbers at which chunks of about as much work begin. */
function chunkStarts(store: ObjectStore, isWanted: (type: number) => boolean): number[] {
  const starts: number[] = []
  let weight = chunkObjects
  for (let number = 0; number < store.count; number++) {
    if (!isRoot(store, number, isWanted)) continue
    if (weight >= chunkObjects) {
      starts.push(number)
      weight = 0
    }
    weight += store.weights[number] ?? 1
  }
  return starts
}

interface Held {
  readonly number: number
  readonly content: Buffer
  next: number
}

function chainWalker(
  store: ObjectStore,
  reader: ObjectReader,
  work: SharedWork,
  isWanted: (type: number) => boolean,
  visit: (object: Visited) => void,
  unread: Unread,
) {
  const { types, weights, heavyChild, firstChild, nextSibling } = store
  const changed: number[] = []
  const note = (start: number, end: number) => changed.push(start, end)
  let heldBytes = 0

  function leave(number: number, problem: ObjectProblem): void {
    unread[problem] = (unread[problem] ?? 0) + (weights[number] ?? 1)
  }

  function made(number: number, content: Buffer, type: number, base: number): Held {
    types[number] = type
    Atomics.add(work.counters, 1, (content.length + 1_023) >> 10)
    if (isFirstCopy(store, number)) visit({ number, type, content, base, changed })
    heldBytes += content.length
    return { number, content, next: firstChild[number] ?? -1 }
  }

  function child(number: number, base: Held, type: number): Held | undefined {
    if (heldBytes > limits.historyHeldBytesMax || (work.counters[1] ?? 0) > limits.historyUnpackedKibMax) {
      leave(number, 'too large')
      return undefined
    }
    const delta = reader.stored(number)
    if (typeof delta === 'string') {
      leave(number, delta)
      return undefined
    }
    changed.length = 0
    const content = applyDelta(base.content, delta.content, limits.historyObjectBytesMax, note)
    if (content) return made(number, content, type, base.number)
    leave(number, 'damaged')
    return undefined
  }

  return (root: number): void => {
    const object = reader.stored(root)
    if (typeof object === 'string') {
      leave(root, object)
      return
    }
    types[root] = object.type
    if (!isWanted(object.type)) return
    changed.length = 0
    const stack: Held[] = [made(root, object.content, object.type, -1)]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const heavy = heavyChild[top.number] ?? -1
      const next = top.next
      if (next !== -1) {
        top.next = nextSibling[next] ?? -1
        const below = next === heavy ? undefined : child(next, top, object.type)
        if (below) stack.push(below)
        continue
      }
      stack.pop()
      heldBytes -= top.content.length
      const last = heavy === -1 ? undefined : child(heavy, top, object.type)
      if (last) stack.push(last)
    }
  }
}
