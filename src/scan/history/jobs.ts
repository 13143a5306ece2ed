import { limits } from '../../limits.ts'
import type { SecretFinder } from '../literals/find-secrets.ts'
import { nameTable } from './name-table.ts'
import { numberList } from './number-list.ts'
import { openObjectReader } from './object-reader.ts'
import { numberOf, numberOfText, type ObjectStore, objectTypes } from './object-store.ts'
import { forEachEntry, type Moment, parseCommit, parseTag } from './parse-objects.ts'
import { type SharedWork, type Unread, type Visited, walkChains } from './walk-chains.ts'

/** A part of reading a history that threads share: each does some of it and gives what it came to. */
export type Job =
  | { readonly kind: 'structure'; readonly work: SharedWork }
  | { readonly kind: 'search'; readonly work: SharedWork; readonly places: Places }
  | { readonly kind: 'locate'; readonly work: SharedWork; readonly isLooked: Uint8Array }

/** A path that each object had, by number. */
export interface Places {
  readonly paths: readonly string[]
  readonly pathOf: Int32Array
}

export interface CommitRecord {
  readonly number: number
  /** -1 where it is not there. */
  readonly tree: number
  readonly parents: readonly number[]
  /** Parents that are not there. */
  readonly missingParents: number
  readonly authored: Moment
  readonly committed: Moment
}

/** An object and the digests of the secrets in it. */
export interface Hit {
  readonly number: number
  readonly digests: readonly string[]
}

/** Entries of trees: for each tree its number, how many follow, and of each the object's number and its name's. */
export type TreeEdges = Int32Array

export interface Structure {
  readonly kind: 'structure'
  readonly commits: readonly CommitRecord[]
  /** Annotated tags, each with its target. */
  readonly tags: readonly (readonly [number, number])[]
  readonly edges: TreeEdges
  readonly names: readonly string[]
  /** The lowest numbered tree that has an object, and the name that it has there; -1 where there is none. */
  readonly viaTree: Int32Array
  readonly viaName: Int32Array
  readonly messageHits: readonly Hit[]
  /** Secrets in names, and where these are: tree and name, in turn. */
  readonly nameHits: readonly { readonly name: number; readonly digests: readonly string[] }[]
  readonly nameEdges: Int32Array
  /** Ids of objects that trees name and that are not there. */
  readonly missing: ReadonlySet<string>
  readonly unread: Unread
}

export interface Search {
  readonly kind: 'search'
  readonly hits: readonly Hit[]
  readonly searched: number
  readonly unread: Unread
}

export interface Location {
  readonly kind: 'locate'
  readonly edges: TreeEdges
  readonly names: readonly string[]
}

/** What each kind of job comes to. */
export interface JobResults {
  readonly structure: Structure
  readonly search: Search
  readonly locate: Location
}

/** Does this thread's part of a job. */
export function doJob(store: ObjectStore, { findSecrets }: SecretFinder, job: Job): JobResults[Job['kind']] {
  switch (job.kind) {
    case 'structure':
      return readStructure(store, findSecrets, job.work)
    case 'search':
      return search(store, findSecrets, job.work, job.places)
    case 'locate':
      return locate(store, job.work, job.isLooked)
  }
}

function readStructure(store: ObjectStore, find: SecretFinder['findSecrets'], work: SharedWork): Structure {
  const commits: CommitRecord[] = []
  const tags: [number, number][] = []
  const messageHits: Hit[] = []
  const nameHits: { name: number; digests: string[] }[] = []
  const secretNames = new Set<number>()
  const nameEdges = numberList()
  const missing = new Set<string>()
  const digestsOf = (content: Uint8Array) => find(content, '').map(({ digest }) => digest)
  const names = nameTable((name, number) => {
    const digests = digestsOf(name)
    if (digests.length === 0) return
    secretNames.add(number)
    nameHits.push({ name: number, digests })
  })
  const viaTree = new Int32Array(store.count).fill(-1)
  const viaName = new Int32Array(store.count).fill(-1)
  const edges = numberList()

  function readTree(tree: number, content: Buffer): void {
    const countAt = edges.length + 1
    let count = 0
    forEachEntry(content, store.idBytes, ({ sort, nameStart, nameEnd, idAt }) => {
      const name = names.numberOf(content, nameStart, nameEnd)
      if (secretNames.has(name)) {
        nameEdges.push(tree)
        nameEdges.push(name)
      }
      if (sort === 'submodule') return
      const child = numberOf(store, content, idAt)
      if (child === -1) {
        if (missing.size < limits.historyMissingMax) missing.add(content.toString('latin1', idAt, idAt + store.idBytes))
        return
      }
      const known = viaTree[child] ?? -1
      if (known === -1 || known > tree) {
        viaTree[child] = tree
        viaName[child] = name
      }
      if (sort !== 'tree') return
      if (count++ === 0) {
        edges.push(tree)
        edges.push(0)
      }
      edges.push(child)
      edges.push(name)
    })
    if (count > 0) edges.set(countAt, count)
  }

  function readMessage(number: number, content: Buffer, messageAt: number): void {
    const digests = digestsOf(content.subarray(messageAt))
    if (digests.length > 0) messageHits.push({ number, digests })
  }

  function visit({ number, type, content }: Visited): void {
    if (type === objectTypes.tree) readTree(number, content)
    else if (type === objectTypes.tag) readTag(number, content)
    else readCommit(number, content)
  }

  function readTag(number: number, content: Buffer): void {
    const tag = parseTag(content)
    if (!tag) return
    tags.push([number, numberOfText(store, tag.target)])
    readMessage(number, content, tag.messageAt)
  }

  function readCommit(number: number, content: Buffer): void {
    const commit = parseCommit(content)
    if (!commit) return
    const parents = commit.parents.map((id) => numberOfText(store, id))
    commits.push({
      number,
      tree: numberOfText(store, commit.tree),
      parents: parents.filter((parent) => parent !== -1),
      missingParents: parents.filter((parent) => parent === -1).length,
      authored: commit.authored,
      committed: commit.committed,
    })
    readMessage(number, content, commit.messageAt)
  }

  const reader = openObjectReader(store)
  const unread = walkChains(store, reader, work, (type) => type !== objectTypes.blob, visit)
  reader.close()
  return {
    kind: 'structure',
    commits,
    tags,
    edges: edges.toArray(),
    names: names.names,
    viaTree,
    viaName,
    messageHits,
    nameHits,
    nameEdges: nameEdges.toArray(),
    missing,
    unread,
  }
}

/**
 * Searches every version of every file once. Where a version is stored as what changed of another one under the same
 * path, in which there was nothing, only what is near the changes is searched.
 */
function search(store: ObjectStore, find: SecretFinder['findSecrets'], work: SharedWork, places: Places): Search {
  const { paths, pathOf } = places
  const hits: Hit[] = []
  const isClean = new Uint8Array(store.count)
  let searched = 0

  function visit({ number, content, base, changed }: Visited): void {
    searched++
    const path = paths[pathOf[number] ?? -1] ?? ''
    if (base !== -1 && isClean[base] === 1 && pathOf[base] === pathOf[number]) {
      const near = nearChanges(content, changed)
      if (near && find(near, path).length === 0) {
        isClean[number] = 1
        return
      }
    }
    const digests = find(content, path).map(({ digest }) => digest)
    if (digests.length > 0) hits.push({ number, digests: [...new Set(digests)] })
    else isClean[number] = 1
  }

  const reader = openObjectReader(store)
  const unread = walkChains(store, reader, work, (type) => type === objectTypes.blob, visit)
  reader.close()
  return { kind: 'search', hits, searched, unread }
}

/** What may turn a text near it into a secret: names, quotes, an issuer's name, the head of a private key. */
const contextBytes = 2_048

/** The changed parts with what is around them, whole lines; undefined where that is most of the content. */
function nearChanges(content: Buffer, changed: readonly number[]): Buffer | undefined {
  const parts: Buffer[] = []
  let total = 0
  let start = -1
  let end = -1
  const close = () => {
    if (start === -1) return
    parts.push(content.subarray(start, end), lineFeed)
    total += end - start
  }
  for (let i = 0; i < changed.length; i += 2) {
    const from = lineStart(content, (changed[i] ?? 0) - contextBytes)
    const to = lineEnd(content, (changed[i + 1] ?? 0) + contextBytes)
    if (start !== -1 && from <= end) end = Math.max(end, to)
    else {
      close()
      start = from
      end = to
    }
  }
  close()
  return total * 2 > content.length ? undefined : Buffer.concat(parts)
}

const lineFeed = Buffer.from('\n')

function lineStart(content: Buffer, at: number): number {
  return at <= 0 ? 0 : content.lastIndexOf(0x0a, at) + 1
}

function lineEnd(content: Buffer, at: number): number {
  const end = at >= content.length ? -1 : content.indexOf(0x0a, at)
  return end === -1 ? content.length : end
}

/** Which trees have the objects that are looked for, and under which names. */
function locate(store: ObjectStore, work: SharedWork, isLooked: Uint8Array): Location {
  const names = nameTable()
  const edges = numberList()
  function visit({ number, content }: Visited): void {
    const countAt = edges.length + 1
    let count = 0
    forEachEntry(content, store.idBytes, ({ sort, nameStart, nameEnd, idAt }) => {
      if (sort === 'tree' || sort === 'submodule') return
      const child = numberOf(store, content, idAt)
      if (child === -1 || isLooked[child] !== 1) return
      if (count++ === 0) {
        edges.push(number)
        edges.push(0)
      }
      edges.push(child)
      edges.push(names.numberOf(content, nameStart, nameEnd))
    })
    if (count > 0) edges.set(countAt, count)
  }
  const reader = openObjectReader(store)
  walkChains(store, reader, work, (type) => type === objectTypes.tree, visit)
  reader.close()
  return { kind: 'locate', edges: edges.toArray(), names: names.names }
}
