import { limits } from '../../limits.ts'
import type { ObjectLookup } from './object-lookup.ts'
import { type Commit, parseCommit } from './parse-objects.ts'

export interface CommitsSince {
  /** Commits that HEAD has and the other does not, oldest first. */
  readonly commits: readonly { readonly id: string; readonly commit: Commit }[]
  /** The newest commit that both have; absent where their histories do not meet. */
  readonly base?: { readonly id: string; readonly commit: Commit }
  /** Commits that could not be read. */
  readonly unread: number
  /** Whether there were more than are looked at. */
  readonly isCut: boolean
}

const ofHead = 1
const ofOther = 2
const ofBoth = 3

/**
 * The commits of `other..head`, and where the two histories part. Walks from both ends, by the time of the commits,
 * until only commits are left that both have; as git does it, and like there a clock that was years off can deceive it.
 */
export function commitsSince(objects: ObjectLookup, head: string, other: string): CommitsSince {
  const sides = new Map<string, number>()
  const commits = new Map<string, Commit>()
  const waiting = new Set<string>()
  let unread = 0
  let base: string | undefined

  function mark(id: string, side: number): void {
    const known = sides.get(id) ?? 0
    if ((known | side) === known) return
    sides.set(id, known | side)
    if (!commits.has(id)) {
      const object = objects.read(id)
      const commit = typeof object === 'string' ? undefined : parseCommit(object.content)
      if (!commit) {
        unread++
        return
      }
      commits.set(id, commit)
    }
    waiting.add(id)
    queue.push(id)
  }

  const timeOf = (id: string) => commits.get(id)?.committed.seconds ?? 0
  const queue = newestFirst(timeOf)
  mark(head, ofHead)
  mark(other, ofOther)
  let undecided = 0
  const count = () => [...waiting].some((id) => sides.get(id) !== ofBoth)
  for (let id = queue.pop(); id !== undefined && commits.size < limits.gitCommitsMax; id = queue.pop()) {
    if (!waiting.delete(id)) continue
    const side = sides.get(id) ?? 0
    if (side === ofBoth && base === undefined) base = id
    // Looked for now and then: going through all that wait costs their number.
    if (side === ofBoth && ++undecided % 16 === 1 && !count()) break
    for (const parent of commits.get(id)?.parents ?? []) mark(parent, side)
  }
  const own = [...commits].filter(([id]) => sides.get(id) === ofHead).map(([id, commit]) => ({ id, commit }))
  const baseCommit = base === undefined ? undefined : commits.get(base)
  return {
    commits: own.reverse().sort((a, b) => a.commit.committed.seconds - b.commit.committed.seconds),
    ...(base !== undefined && baseCommit ? { base: { id: base, commit: baseCommit } } : {}),
    unread,
    isCut: commits.size >= limits.gitCommitsMax,
  }
}

/** A heap of ids by time. */
function newestFirst(timeOf: (id: string) => number) {
  const items: { id: string; time: number }[] = []
  const timeAt = (at: number) => items[at]?.time ?? Number.NEGATIVE_INFINITY
  const swap = (a: number, b: number) => {
    const [one, two] = [items[a], items[b]]
    if (!one || !two) return
    items[a] = two
    items[b] = one
  }
  return {
    push(id: string): void {
      items.push({ id, time: timeOf(id) })
      for (let at = items.length - 1; at > 0 && timeAt((at - 1) >> 1) < timeAt(at); at = (at - 1) >> 1)
        swap(at, (at - 1) >> 1)
    },
    pop(): string | undefined {
      swap(0, items.length - 1)
      const newest = items.pop()
      for (let at = 0; ; ) {
        let child = at * 2 + 1
        if (child >= items.length) break
        if (timeAt(child + 1) > timeAt(child)) child++
        if (timeAt(child) <= timeAt(at)) break
        swap(at, child)
        at = child
      }
      return newest?.id
    },
  }
}
