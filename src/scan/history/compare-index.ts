import { limits } from '../../limits.ts'
import type { ChangedFile, Comparison, TreeReader } from './compare-trees.ts'
import { compareTrees } from './compare-trees.ts'
import type { CachedTree, GitIndex } from './read-index.ts'

/** What is staged and differs from a tree. Folders of which the index knows that they do not differ are passed over. */
export function compareIndex(trees: TreeReader, index: GitIndex, tree: string | undefined): Comparison {
  const changed: ChangedFile[] = []
  const removed: string[] = []

  /** Looks at the entries from `from` on that are below `folder`, and gives the first that is not. */
  function compareFolder(folder: string, id: string | undefined, known: CachedTree | undefined, from: number): number {
    if (known && known.entries >= 0 && known.id === id) return from + known.entries
    const then = trees.entries(id)
    const seen = new Set<string>()
    let entry = from
    while (entry < index.count) {
      const path = index.path(entry)
      if (!path.startsWith(folder)) break
      const slash = path.indexOf('/', folder.length)
      const name = path.slice(folder.length, slash === -1 ? undefined : slash)
      const old = then.get(name)
      seen.add(name)
      if (slash !== -1 && slash / 2 < limits.gitPathBytesMax && depthOf(folder) < limits.scanDepthMax) {
        const below = old?.sort === 'tree' ? old.id : undefined
        // At least one further: a cached tree that is a lie must not keep us here.
        entry = Math.max(entry + 1, compareFolder(`${folder}${name}/`, below, known?.folders.get(name), entry))
        continue
      }
      const isOld = old !== undefined && old.sort !== 'tree' && old.sort !== 'submodule'
      if (index.isFile(entry) && index.id(entry) !== old?.id)
        changed.push({ path, id: index.id(entry), before: isOld ? [old.id] : [] })
      entry++
    }
    for (const [name, old] of then) {
      if (seen.has(name)) continue
      if (old.sort === 'tree') removed.push(...compareTrees(trees, undefined, [old.id]).removed)
      else if (old.sort !== 'submodule') removed.push(old.id)
    }
    return entry
  }

  compareFolder('', tree, index.root, 0)
  return { changed, removed }
}

function depthOf(folder: string): number {
  let depth = 0
  for (let at = folder.indexOf('/'); at !== -1; at = folder.indexOf('/', at + 1)) depth++
  return depth
}
