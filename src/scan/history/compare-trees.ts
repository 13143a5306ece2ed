import { limits } from '../../limits.ts'
import type { ObjectLookup } from './object-lookup.ts'
import { objectTypes } from './object-store.ts'
import { type EntrySort, forEachEntry } from './parse-objects.ts'

export interface NamedEntry {
  readonly sort: EntrySort
  readonly id: string
}

/** Trees by their ids; entries by name. A tree that cannot be read is empty, and counted. */
export interface TreeReader {
  entries(id: string | undefined): ReadonlyMap<string, NamedEntry>
  /** The file at a path below a tree. */
  fileAt(tree: string | undefined, path: string): string | undefined
  readonly unread: number
}

const recentTreesMax = 2_000

export function treeReader(objects: ObjectLookup, idBytes: number): TreeReader {
  const recent = new Map<string, ReadonlyMap<string, NamedEntry>>()
  const none: ReadonlyMap<string, NamedEntry> = new Map()
  let unread = 0

  function entries(id: string | undefined): ReadonlyMap<string, NamedEntry> {
    if (id === undefined) return none
    const known = recent.get(id)
    if (known) return known
    const object = objects.read(id)
    if (typeof object === 'string' || object.type !== objectTypes.tree) {
      unread++
      return none
    }
    const { content } = object
    const read = new Map<string, NamedEntry>()
    forEachEntry(content, idBytes, ({ sort, nameStart, nameEnd, idAt }) => {
      read.set(content.toString('utf8', nameStart, nameEnd), {
        sort,
        id: content.toString('hex', idAt, idAt + idBytes),
      })
    })
    recent.set(id, read)
    const [oldest] = recent.keys()
    if (recent.size > recentTreesMax && oldest !== undefined) recent.delete(oldest)
    return read
  }

  return {
    entries,
    fileAt(tree, path) {
      const names = path.split('/')
      const last = names.pop() ?? ''
      let folder = tree
      for (const name of names) folder = folderNamed(entries(folder), name)
      const entry = entries(folder).get(last)
      return entry && isFile(entry) ? entry.id : undefined
    },
    get unread() {
      return unread
    },
  }
}

function folderNamed(entries: ReadonlyMap<string, NamedEntry>, name: string): string | undefined {
  const entry = entries.get(name)
  return entry?.sort === 'tree' ? entry.id : undefined
}

function isFile({ sort }: NamedEntry): boolean {
  return sort === 'file' || sort === 'link'
}

/** A file that none of the trees before has as it is; and what those have at its path. */
export interface ChangedFile {
  readonly path: string
  readonly id: string
  readonly before: readonly string[]
}

export interface Comparison {
  readonly changed: readonly ChangedFile[]
  /** Files of the trees before whose paths are gone. */
  readonly removed: readonly string[]
}

/** What a tree has that differs from every one of the trees before; only folders that differ are read. */
export function compareTrees(
  trees: TreeReader,
  tree: string | undefined,
  before: readonly (string | undefined)[],
): Comparison {
  const changed: ChangedFile[] = []
  const removed: string[] = []
  const open = [{ path: '', tree, before, depth: 0 }]
  for (let folder = open.pop(); folder; folder = open.pop()) {
    const now = trees.entries(folder.tree)
    const then = folder.before.map((id) => trees.entries(id))
    const names = new Set([...now.keys(), ...then.flatMap((entries) => [...entries.keys()])])
    for (const name of names) {
      const entry = now.get(name)
      const path = folder.path === '' ? name : `${folder.path}/${name}`
      const old = then.map((entries) => entries.get(name))
      if (entry && old.some((one) => one?.id === entry.id)) continue
      const below = old.map((one) => (one?.sort === 'tree' ? one.id : undefined))
      if ((entry?.sort === 'tree' || below.some((id) => id !== undefined)) && folder.depth < limits.scanDepthMax)
        open.push({ path, tree: entry?.sort === 'tree' ? entry.id : undefined, before: below, depth: folder.depth + 1 })
      const files = old.flatMap((one) => (one && isFile(one) ? [one.id] : []))
      if (entry && isFile(entry)) changed.push({ path, id: entry.id, before: files })
      else removed.push(...files)
    }
  }
  return { changed, removed }
}
