import type { CommitRecord } from './jobs.ts'

/**
 * Parents before children, and among those that might be next the one that was committed first, then the one with the
 * lower id: the order does not depend on how the commits are stored. What goes around in a circle comes last.
 */
export function orderCommits(
  commits: readonly CommitRecord[],
  idOf: (number: number) => string,
): readonly CommitRecord[] {
  const children = new Map<number, CommitRecord[]>()
  const waiting = new Map<CommitRecord, number>()
  const known = new Set(commits.map(({ number }) => number))
  for (const commit of commits) {
    const parents = new Set(commit.parents.filter((parent) => known.has(parent)))
    waiting.set(commit, parents.size)
    for (const parent of parents) {
      const list = children.get(parent)
      if (list) list.push(commit)
      else children.set(parent, [commit])
    }
  }
  const isBefore = (a: CommitRecord, b: CommitRecord) =>
    a.committed.seconds - b.committed.seconds || (idOf(a.number) < idOf(b.number) ? -1 : 1)
  const ready = heap(isBefore)
  for (const commit of commits) if (waiting.get(commit) === 0) ready.push(commit)
  const ordered: CommitRecord[] = []
  for (let commit = ready.pop(); commit; commit = ready.pop()) {
    ordered.push(commit)
    for (const child of children.get(commit.number) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) ready.push(child)
    }
  }
  return ordered.length === commits.length
    ? ordered
    : [...ordered, ...commits.filter((commit) => (waiting.get(commit) ?? 0) > 0).sort(isBefore)]
}

/** A binary heap: the least comes first. */
function heap<Item>(compare: (a: Item, b: Item) => number) {
  const items: Item[] = []
  const swap = (a: number, b: number) => {
    const [one, two] = [items[a], items[b]]
    if (one === undefined || two === undefined) return
    items[a] = two
    items[b] = one
  }
  const less = (a: number, b: number) => {
    const [one, two] = [items[a], items[b]]
    return one !== undefined && two !== undefined && compare(one, two) < 0
  }
  return {
    push(item: Item): void {
      items.push(item)
      for (let at = items.length - 1; at > 0 && less(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1)
    },
    pop(): Item | undefined {
      swap(0, items.length - 1)
      const least = items.pop()
      for (let at = 0; ; ) {
        let child = at * 2 + 1
        if (child >= items.length) break
        if (less(child + 1, child)) child++
        if (!less(child, at)) break
        swap(at, child)
        at = child
      }
      return least
    },
  }
}
