import type { ObjectLookup } from './object-lookup.ts'
import { objectTypes } from './object-store.ts'
import { parseCommit, parseTag } from './parse-objects.ts'
import type { Refs } from './read-refs.ts'

/**
 * The id of the commit that a name means: a branch, tag or remote branch as git looks for it, HEAD, `@`, or at least four
 * digits of an id; with `~3`, `^` and `^2` behind. Or why it means none, as the end of a sentence.
 */
export function resolveCommit(text: string, refs: Refs, objects: ObjectLookup): { id: string } | string {
  const [, name = '', steps = ''] = /^([^~^]+)((?:[~^]\d{0,6})*)$/.exec(text) ?? []
  const named = idOf(name, refs, objects)
  if (typeof named === 'string') return named
  let found = peel(named.id, objects)
  for (const [, sign = '', digits = ''] of steps.matchAll(/([~^])(\d*)/g)) {
    const number = digits === '' ? 1 : Number(digits)
    // `^0` is the commit itself; `~3` goes to the first parent three times.
    const parents = sign === '^' ? [number] : Array<number>(number).fill(1)
    for (const which of parents) {
      if (typeof found === 'string' || which === 0) continue
      found = parentOf(found.id, which, objects)
    }
  }
  return found
}

/** gitrevisions(7) has this order. */
const places = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']

function idOf(name: string, { byName, head }: Refs, objects: ObjectLookup): { id: string } | string {
  if (name === 'HEAD' || name === '@') return head === undefined ? 'has no commit yet' : { id: head }
  for (const place of places) {
    const id = byName.get(`${place}${name}`)
    if (id !== undefined) return { id }
  }
  const remote = byName.get(`refs/remotes/${name}/HEAD`)
  if (remote !== undefined) return { id: remote }
  if (!/^[0-9a-f]{4,64}$/.test(name)) return 'is no branch, tag or commit of this repository'
  const [id, other] = objects.idsFrom(name)
  if (id === undefined) return 'is no branch, tag or commit that is here (a shallow clone? git fetch --unshallow)'
  return other === undefined ? { id } : 'is the beginning of more than one id'
}

/** A tag stands for what it names. */
function peel(id: string, objects: ObjectLookup): { id: string } | string {
  let at = id
  for (let hop = 0; hop < 10; hop++) {
    const object = objects.read(at)
    if (object === 'missing') return 'names a commit that is not here (a shallow clone? git fetch --unshallow)'
    if (typeof object === 'string') return `names an object that is ${object}`
    if (object.type === objectTypes.commit) return { id: at }
    const tag = object.type === objectTypes.tag ? parseTag(object.content) : undefined
    if (!tag) return 'is no commit'
    at = tag.target
  }
  return 'is no commit'
}

function parentOf(id: string, which: number, objects: ObjectLookup): { id: string } | string {
  const object = objects.read(id)
  const parent = typeof object === 'string' ? undefined : parseCommit(object.content)?.parents[which - 1]
  return parent === undefined ? 'goes back further than the history that is here' : peel(parent, objects)
}
