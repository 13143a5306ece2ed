import { limits } from '../../limits.ts'
import type { TreeEdges } from './jobs.ts'

/** What is in which tree: one level of all trees. */
export interface Graph {
  /** How many numbers there are, of objects and of whatever else trees may have. */
  readonly size: number
  readonly folders: TreeEdges
  /** The leaves whose commits are asked for. */
  readonly leaves: TreeEdges
  readonly names: readonly string[]
}

/** Where leaves are. Commits are told by their place in the order in which they were given. */
export interface Traces {
  /** -1 where no commit has it. */
  firstOf(leaf: number): number
  lastOf(leaf: number): number
  isInHead(leaf: number): boolean
  /** Where it stands in its last commit. */
  lastPathOf(leaf: number): string
  /** Every path that it had, sorted; `hasMore` where there were more than are kept. */
  pathsOf(leaf: number): { paths: string[]; hasMore: boolean }
}

const none = 0x7fffffff

/**
 * The first and the last of some commits that have a leaf, and its paths, for all leaves at once: what is known of a
 * tree is handed down to what it has, every tree before what is in it. So the work is that of looking once at each tree,
 * however many commits share it.
 */
export function traceObjects(graph: Graph, roots: readonly number[], headRoot: number): Traces {
  const { size, folders, leaves, names } = graph
  const folderAt = startsOf(folders, size)
  const leafAt = startsOf(leaves, size)
  const order = childrenFirst(folders, folderAt, roots, size)
  const holds = new Uint8Array(size)
  for (const tree of order) if (leafAt[tree] !== 0 || hasHolder(folders, folderAt[tree] ?? 0, holds)) holds[tree] = 1

  const first = new Int32Array(size).fill(none)
  const last = new Int32Array(size).fill(-1)
  const viaTree = new Int32Array(size).fill(-1)
  const viaName = new Int32Array(size)
  const inHead = new Uint8Array(size)
  const places = placeTrie(names)
  for (const [position, root] of roots.entries()) {
    if (root === -1) continue
    first[root] = Math.min(first[root] ?? none, position)
    last[root] = Math.max(last[root] ?? -1, position)
    if (holds[root] === 1) places.add(root, 0)
  }
  if (headRoot !== -1) inHead[headRoot] = 1

  function handDown(tree: number, edges: TreeEdges, start: number, isLeaf: boolean): void {
    if (start === 0) return
    const count = edges[start] ?? 0
    for (let i = 0, at = start + 1; i < count; i++, at += 2) {
      const child = edges[at] ?? 0
      const name = edges[at + 1] ?? 0
      if (!isLeaf && holds[child] !== 1) continue
      first[child] = Math.min(first[child] ?? none, first[tree] ?? none)
      if ((last[tree] ?? -1) > (last[child] ?? -1)) {
        last[child] = last[tree] ?? -1
        viaTree[child] = tree
        viaName[child] = name
      }
      if (inHead[tree] === 1) inHead[child] = 1
      places.addBelow(child, tree, name)
    }
  }
  for (let i = order.length - 1; i >= 0; i--) {
    const tree = order[i] ?? 0
    if (holds[tree] !== 1) continue
    handDown(tree, folders, folderAt[tree] ?? 0, false)
    handDown(tree, leaves, leafAt[tree] ?? 0, true)
  }
  return {
    firstOf: (leaf) => ((first[leaf] ?? none) === none ? -1 : (first[leaf] ?? -1)),
    lastOf: (leaf) => last[leaf] ?? -1,
    isInHead: (leaf) => inHead[leaf] === 1,
    lastPathOf(leaf) {
      const path: string[] = []
      for (let at = leaf; (viaTree[at] ?? -1) !== -1; at = viaTree[at] ?? -1)
        path.unshift(names[viaName[at] ?? 0] ?? '')
      return path.join('/')
    },
    pathsOf: (leaf) => places.pathsOf(leaf),
  }
}

/** Where the count of each tree's entries stands; 0 of a tree without any. */
function startsOf(edges: TreeEdges, size: number): Int32Array {
  const starts = new Int32Array(size)
  for (let at = 0; at < edges.length; at += 2 + (edges[at + 1] ?? 0) * 2) starts[edges[at] ?? 0] = at + 1
  return starts
}

function hasHolder(edges: TreeEdges, start: number, holds: Uint8Array): boolean {
  if (start === 0) return false
  const count = edges[start] ?? 0
  for (let i = 0, at = start + 1; i < count; i++, at += 2) if (holds[edges[at] ?? 0] === 1) return true
  return false
}

/** Every tree below the roots, each once and after all that is in it. A circle, which no honest store has, is cut. */
function childrenFirst(folders: TreeEdges, folderAt: Int32Array, roots: readonly number[], size: number): Int32Array {
  const order = new Int32Array(size)
  let length = 0
  const isSeen = new Uint8Array(size)
  const trees: number[] = []
  const taken: number[] = []
  for (const root of roots) {
    if (root === -1 || isSeen[root] === 1) continue
    isSeen[root] = 1
    trees.push(root)
    taken.push(0)
    while (trees.length > 0) {
      const tree = trees[trees.length - 1] ?? 0
      const start = folderAt[tree] ?? 0
      const next = taken[taken.length - 1] ?? 0
      if (start === 0 || next >= (folders[start] ?? 0)) {
        order[length++] = tree
        trees.pop()
        taken.pop()
        continue
      }
      taken[taken.length - 1] = next + 1
      const child = folders[start + 1 + next * 2] ?? 0
      if (isSeen[child] === 1) continue
      isSeen[child] = 1
      trees.push(child)
      taken.push(0)
    }
  }
  return order.subarray(0, length)
}

/** Paths as branches of one tree of names; an object has usually one. */
function placeTrie(names: readonly string[]) {
  const parents = [-1]
  const parts = [0]
  const branches = new Map<number, number>()
  const placesOf = new Map<number, number[]>()
  const full = new Set<number>()

  function branch(parent: number, name: number): number {
    const key = parent * 0x40_0000 + name
    const known = branches.get(key)
    if (known !== undefined) return known
    if (parents.length >= limits.historyPathsMax) return -1
    parents.push(parent)
    parts.push(name)
    branches.set(key, parents.length - 1)
    return parents.length - 1
  }

  function add(object: number, place: number): void {
    const known = placesOf.get(object)
    if (!known) placesOf.set(object, [place])
    else if (!known.includes(place)) {
      if (known.length < limits.historyPathsOfOneMax) known.push(place)
      else full.add(object)
    }
  }

  return {
    add,
    addBelow(child: number, tree: number, name: number): void {
      if (full.has(tree)) full.add(child)
      for (const parent of placesOf.get(tree) ?? []) {
        const place = branch(parent, name)
        if (place === -1) full.add(child)
        else add(child, place)
      }
    },
    pathsOf(object: number) {
      const paths = (placesOf.get(object) ?? []).map((place) => {
        const path: string[] = []
        for (let at = place; at > 0; at = parents[at] ?? 0) path.unshift(names[parts[at] ?? 0] ?? '')
        return path.join('/')
      })
      return { paths: paths.sort(), hasMore: full.has(object) }
    },
  }
}
