/** What an object is, as packs number it (gitformat-pack(5)). */
export const objectTypes = { commit: 1, tree: 2, blob: 3, tag: 4 } as const

/** A pack whose objects have the numbers from `first` on, in the order in which they lie in it. */
export interface Pack {
  readonly path: string
  readonly first: number
  readonly count: number
  /** Where the last object ends. */
  readonly end: number
}

/**
 * Every object of a repository, each by its number. All of it lies in shared memory: threads get the same one. Packed
 * objects come first, pack by pack in the order of their offsets, then loose ones.
 */
export interface ObjectStore {
  readonly idBytes: 20 | 32
  readonly count: number
  readonly packs: readonly Pack[]
  readonly packedCount: number
  readonly looseFolder: string
  /** One after the other, by number. */
  readonly ids: Uint8Array
  /** Open addressing by the first four bytes of an id: number + 1, 0 where there is none. Its length is a power of two. */
  readonly slots: Int32Array
  /** Of packed objects: where each begins, the length of its head, and its size as the head says. */
  readonly offsets: Float64Array
  readonly heads: Uint8Array
  readonly sizes: Uint32Array
  /** The object that this one is a delta of, or -1; -2 where it is not there. */
  readonly bases: Int32Array
  /** Deltas of an object, as a list: -1 at its end. */
  readonly firstChild: Int32Array
  readonly nextSibling: Int32Array
  /** How many objects are made of this one, itself included; and the child that most are made of. */
  readonly weights: Int32Array
  readonly heavyChild: Int32Array
  /** See objectTypes; 0 of a loose object that nobody has read yet, and of a delta whose base is missing. */
  readonly types: Uint8Array
}

/** The number of the object whose id stands at `at`, or -1. */
export function numberOf(store: Pick<ObjectStore, 'ids' | 'idBytes' | 'slots'>, bytes: Uint8Array, at: number): number {
  const { ids, idBytes, slots } = store
  const mask = slots.length - 1
  for (let slot = slotOf(bytes, at) & mask; ; slot = (slot + 1) & mask) {
    const number = (slots[slot] ?? 0) - 1
    if (number === -1) return -1
    const start = number * idBytes
    let i = 0
    while (i < idBytes && ids[start + i] === bytes[at + i]) i++
    if (i === idBytes) return number
  }
}

/** Fills in `slots`. Where two packs have an object, the first one's number stands. */
export function indexIds(ids: Uint8Array, idBytes: number, slots: Int32Array): void {
  const mask = slots.length - 1
  const count = ids.length / idBytes
  for (let number = 0; number < count; number++) {
    const at = number * idBytes
    if (numberOf({ ids, idBytes: idBytes as 20, slots }, ids, at) !== -1) continue
    let slot = slotOf(ids, at) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = number + 1
  }
}

function slotOf(bytes: Uint8Array, at: number): number {
  // Mixed: whoever makes objects with ids that begin alike must not make all of them meet in one slot.
  let hash = 0
  for (let i = 0; i < 12; i += 4) {
    const word =
      ((bytes[at + i] ?? 0) << 24) |
      ((bytes[at + i + 1] ?? 0) << 16) |
      ((bytes[at + i + 2] ?? 0) << 8) |
      (bytes[at + i + 3] ?? 0)
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

/** The id in hexadecimal digits. */
export function idText({ ids, idBytes }: Pick<ObjectStore, 'ids' | 'idBytes'>, number: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset + number * idBytes, idBytes).toString('hex')
}

/** The number of an object by its id in hexadecimal digits, or -1. */
export function numberOfText(store: ObjectStore, id: string): number {
  const bytes = Buffer.from(id, 'hex')
  return bytes.length === store.idBytes ? numberOf(store, bytes, 0) : -1
}

/** Whether the number is the one that `numberOf` gives: not that of a second copy in another pack. */
export function isFirstCopy(store: ObjectStore, number: number): boolean {
  return numberOf(store, store.ids, number * store.idBytes) === number
}
