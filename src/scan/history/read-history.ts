import type { KeyKind } from '../../keys/kind.ts'
import { limits } from '../../limits.ts'
import { isText } from '../content.ts'
import type { SecretFinder } from '../literals/find-secrets.ts'
import { placeSecrets, type SecretLiteral } from '../literals/place-secrets.ts'
import type { Masker } from '../mask-source.ts'
import { sourceFile } from '../source-file.ts'
import type { Repository } from './find-repository.ts'
import type { HistoryCommit, HistorySecret } from './history-secret.ts'
import type { CommitRecord, Hit, Places, Structure } from './jobs.ts'
import { type ObjectReader, openObjectReader } from './object-reader.ts'
import { idText, numberOfText, type ObjectStore, objectTypes } from './object-store.ts'
import { openObjectStore } from './open-object-store.ts'
import { orderCommits } from './order-commits.ts'
import { momentText, parseCommit, parseTag } from './parse-objects.ts'
import { type Refs, readRefs } from './read-refs.ts'
import { assembleCrew } from './run-jobs.ts'
import { traceObjects } from './trace-objects.ts'
import { newWork, type Unread } from './walk-chains.ts'

export interface HistoryRequest {
  readonly repository: Repository
  readonly kinds: readonly KeyKind[]
  readonly finder: SecretFinder
  readonly mask: Masker
  /** Also what nothing names any more. */
  readonly dangling: boolean
  /** Threads; by the machine unless said. */
  readonly threads?: number
}

export interface History {
  /** Sorted by path, line and column. */
  readonly secrets: readonly HistorySecret[]
  readonly commits: number
  /** Versions of files that were searched. */
  readonly versions: number
  readonly gaps: readonly string[]
}

/**
 * Searches every version of every file, every message and every name of a repository, each once. Reads git's own files
 * and runs nothing. Never throws for what they hold: what could not be read is in `gaps`.
 */
export async function readHistory(request: HistoryRequest): Promise<History> {
  const { repository, finder, threads } = request
  const refs = readRefs(repository)
  const { store, gaps } = openObjectStore(repository)
  const crew = assembleCrew(store, finder, threads)
  try {
    const structure = joinStructures(await crew.run({ kind: 'structure', work: newWork() }), store)
    const places = placesOf(structure, store)
    const searches = await crew.run({ kind: 'search', work: newWork(), places })
    const hits = searches.flatMap((search) => search.hits)
    const isLooked = new Uint8Array(new SharedArrayBuffer(store.count))
    for (const { number } of hits) isLooked[number] = 1
    const located = hits.length === 0 ? [] : await crew.run({ kind: 'locate', work: newWork(), isLooked })
    const leaves = joinLeaves(structure, located)
    const reader = openObjectReader(store)
    const { secrets, hidden } = gather({ request, refs, store, structure, places, hits, leaves, reader })
    reader.close()
    return {
      secrets,
      commits: structure.commits.length,
      versions: searches.reduce((sum, { searched }) => sum + searched, 0),
      gaps: [
        ...repository.gaps,
        ...refs.gaps,
        ...gaps,
        ...unreadGaps([structure.unread, ...searches.map(({ unread }) => unread)], store),
        ...missingGaps(structure, repository),
        ...(hidden === 0
          ? []
          : [`${count(hidden, 'secret')} only in objects that no branch, tag or reflog names: --dangling tells them`]),
      ],
    }
  } finally {
    await crew.close()
  }
}

interface JoinedStructure extends Omit<Structure, 'kind' | 'nameEdges' | 'nameHits' | 'missing'> {
  /** Numbers from here on are secret names. */
  readonly nameHits: readonly Hit[]
  /** For each tree and secret name in it: tree, 1, the name's number as a leaf, the name. */
  readonly nameLeaves: Int32Array
  readonly missing: number
  readonly numberOfName: Map<string, number>
  readonly missingParents: number
}

/** What the threads came to, with one numbering of names. */
function joinStructures(parts: readonly Structure[], store: ObjectStore): JoinedStructure {
  const names: string[] = ['']
  const numberOfName = new Map<string, number>([['', 0]])
  const missing = new Set<string>()
  const nameHits: Hit[] = []
  const leafOfName = new Map<number, number>()
  const nameLeaves: number[] = []
  const viaTree = new Int32Array(store.count).fill(-1)
  const viaName = new Int32Array(store.count).fill(-1)
  for (const part of parts) {
    const renumbered = renumber(part.names, names, numberOfName)
    renameEdges(part.edges, renumbered)
    for (const id of part.missing) missing.add(id)
    for (let object = 0; object < store.count; object++) {
      const via = part.viaTree[object] ?? -1
      const known = viaTree[object] ?? -1
      if (via === -1 || (known !== -1 && known <= via)) continue
      viaTree[object] = via
      viaName[object] = renumbered[part.viaName[object] ?? 0] ?? 0
    }
    for (const { name, digests } of part.nameHits) {
      const joined = renumbered[name] ?? 0
      if (leafOfName.has(joined)) continue
      leafOfName.set(joined, store.count + nameHits.length)
      nameHits.push({ number: store.count + nameHits.length, digests })
    }
  }
  for (const part of parts) {
    const renumbered = renumber(part.names, names, numberOfName)
    for (let i = 0; i < part.nameEdges.length; i += 2) {
      const name = renumbered[part.nameEdges[i + 1] ?? 0] ?? 0
      nameLeaves.push(part.nameEdges[i] ?? 0, leafOfName.get(name) ?? 0, name)
    }
  }
  const commits = parts.flatMap((part) => part.commits)
  return {
    commits: orderCommits(commits, (number) => idText(store, number)),
    tags: parts.flatMap((part) => part.tags),
    edges: joinEdges(parts.map(({ edges }) => edges)),
    names,
    numberOfName,
    viaTree,
    viaName,
    messageHits: parts.flatMap((part) => part.messageHits),
    nameHits,
    nameLeaves: Int32Array.from(nameLeaves),
    missing: missing.size,
    missingParents: commits.reduce((sum, { missingParents }) => sum + missingParents, 0),
    unread: sumOf(parts.map(({ unread }) => unread)),
  }
}

/** Keys of paths (trace-objects.ts) take this many names apart. */
const namesMax = 0x40_0000

function renumber(from: readonly string[], names: string[], known: Map<string, number>): Int32Array {
  return Int32Array.from(from, (name) => {
    let number = known.get(name)
    if (number === undefined) {
      if (names.length >= namesMax) return 0
      number = names.length
      names.push(name)
      known.set(name, number)
    }
    return number
  })
}

function renameEdges(edges: Int32Array, renumbered: Int32Array): void {
  for (let at = 0; at < edges.length; ) {
    const end = at + 2 + (edges[at + 1] ?? 0) * 2
    for (let i = at + 3; i < end; i += 2) edges[i] = renumbered[edges[i] ?? 0] ?? 0
    at = end
  }
}

function joinEdges(parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Secrets in files and in names, by the trees that they are in. */
function joinLeaves(
  structure: JoinedStructure,
  located: readonly { readonly edges: Int32Array; readonly names: readonly string[] }[],
): Int32Array {
  const names = structure.names as string[]
  for (const { edges, names: own } of located) renameEdges(edges, renumber(own, names, structure.numberOfName))
  const files = joinEdges(located.map(({ edges }) => edges))
  if (structure.nameLeaves.length === 0) return files
  const byTree = new Map<number, number[]>()
  const { nameLeaves } = structure
  for (let i = 0; i < nameLeaves.length; i += 3) {
    const tree = nameLeaves[i] ?? 0
    const list = byTree.get(tree) ?? []
    list.push(nameLeaves[i + 1] ?? 0, nameLeaves[i + 2] ?? 0)
    byTree.set(tree, list)
  }
  const rows: number[] = []
  for (let at = 0; at < files.length; ) {
    const tree = files[at] ?? 0
    const end = at + 2 + (files[at + 1] ?? 0) * 2
    const own = byTree.get(tree) ?? []
    rows.push(tree, (end - at - 2 + own.length) / 2, ...files.subarray(at + 2, end), ...own)
    byTree.delete(tree)
    at = end
  }
  for (const [tree, own] of byTree) rows.push(tree, own.length / 2, ...own)
  return Int32Array.from(rows)
}

/** A path for each file of the history: of all that it had, one that does not depend on who read it. */
function placesOf({ viaTree, viaName, names }: JoinedStructure, store: ObjectStore): Places {
  const paths: string[] = ['']
  const numbers = new Map<string, number>([['', 0]])
  const pathOf = new Int32Array(new SharedArrayBuffer(store.count * 4))
  const folderOf = new Map<number, string>()
  const pathTo = (object: number): string => {
    const parts: string[] = []
    let at = object
    for (; parts.length < limits.scanDepthMax; at = viaTree[at] ?? -1) {
      const known = folderOf.get(at)
      if (known !== undefined) {
        if (known !== '') parts.unshift(known)
        break
      }
      if ((viaTree[at] ?? -1) === -1) break
      parts.unshift(names[viaName[at] ?? 0] ?? '')
    }
    return parts.join('/')
  }
  for (let object = 0; object < store.count; object++) {
    const tree = viaTree[object] ?? -1
    if (tree === -1 || (store.types[object] ?? 0) !== objectTypes.blob) {
      // A loose object's type is not known before it is read.
      if (tree === -1 || store.types[object] !== 0) continue
    }
    let folder = folderOf.get(tree)
    if (folder === undefined) {
      folder = pathTo(tree)
      folderOf.set(tree, folder)
    }
    const name = names[viaName[object] ?? 0] ?? ''
    const path = folder === '' ? name : `${folder}/${name}`
    let number = numbers.get(path)
    if (number === undefined) {
      number = paths.length
      paths.push(path)
      numbers.set(path, number)
    }
    pathOf[object] = number
  }
  return { paths, pathOf }
}

interface Gathering {
  readonly request: HistoryRequest
  readonly refs: Refs
  readonly store: ObjectStore
  readonly structure: JoinedStructure
  readonly places: Places
  readonly hits: readonly Hit[]
  readonly leaves: Int32Array
  readonly reader: ObjectReader
}

/** Where one object, name or message has a secret. */
interface Occurrence {
  readonly where: HistorySecret['where']
  readonly object: number
  /** The name itself, of a secret in a name. */
  readonly name?: string
  readonly first?: CommitRecord
  readonly last?: CommitRecord
  readonly lastPath: string
  readonly paths: readonly string[]
  readonly hasMorePaths: boolean
  readonly isInHead: boolean
  readonly isReachable: boolean
}

/** Each secret once, from all the places that have it; and how many are in none that may be told. */
function gather(gathering: Gathering): { secrets: HistorySecret[]; hidden: number } {
  const { request, store } = gathering
  const byDigest = new Map<string, Occurrence[]>()
  for (const { digests, occurrence } of occurrencesOf(gathering)) {
    for (const digest of digests) {
      const known = byDigest.get(digest)
      if (known) known.push(occurrence)
      else byDigest.set(digest, [occurrence])
    }
  }
  const position = new Map(gathering.structure.commits.map((commit, index) => [commit, index] as const))
  const placeOf = (commit: CommitRecord | undefined) => (commit ? (position.get(commit) ?? -1) : -1)
  const secrets: HistorySecret[] = []
  let hidden = 0
  for (const [digest, all] of byDigest) {
    const reachable = all.filter(({ isReachable }) => isReachable)
    const told = reachable.length > 0 ? reachable : all
    if (reachable.length === 0 && !request.dangling) {
      hidden++
      continue
    }
    told.sort(
      (a, b) =>
        placeOf(b.last) - placeOf(a.last) ||
        (a.lastPath === b.lastPath ? 0 : a.lastPath < b.lastPath ? -1 : 1) ||
        (idOrName(store, a) < idOrName(store, b) ? -1 : 1),
    )
    const [latest] = told
    const literal = latest && literalOf(gathering, latest, digest)
    if (!literal) continue
    const paths = [...new Set(told.flatMap((one) => one.paths))].sort()
    const firsts = told.flatMap(({ first }) => first ?? []).sort((a, b) => placeOf(a) - placeOf(b))
    secrets.push({
      literal,
      where: latest.where,
      object: latest.object < store.count ? idText(store, latest.object) : '',
      ...(firsts[0] ? { first: commitOf(store, firsts[0]) } : {}),
      ...(latest.last ? { last: commitOf(store, latest.last) } : {}),
      paths: paths.slice(0, limits.historyPathsOfOneMax),
      hasMorePaths: paths.length > limits.historyPathsOfOneMax || told.some(({ hasMorePaths }) => hasMorePaths),
      isInHead: told.some(({ isInHead }) => isInHead),
      isReachable: latest.isReachable,
    })
  }
  return { secrets: secrets.sort(inOrder), hidden }
}

function idOrName(store: ObjectStore, { object, name }: Occurrence): string {
  return name ?? idText(store, object)
}

function commitOf(store: ObjectStore, { number, authored }: CommitRecord): HistoryCommit {
  return { id: idText(store, number), authored: momentText(authored) }
}

function inOrder({ literal: a }: HistorySecret, { literal: b }: HistorySecret): number {
  if (a.file.path !== b.file.path) return a.file.path < b.file.path ? -1 : 1
  return a.start - b.start || (a.digest < b.digest ? -1 : 1)
}

function* occurrencesOf(gathering: Gathering): Generator<{ digests: readonly string[]; occurrence: Occurrence }> {
  const { request, refs, store, structure, hits, leaves } = gathering
  const { commits, nameHits, names } = structure
  const reached = reachFrom(refs.roots, store, structure)
  const reachable = commits.filter(({ number }) => reached[number] === 1)
  const left = commits.filter(({ number }) => reached[number] !== 1)
  const headTree = commits.find(({ number }) => number === numberOfText(store, refs.head ?? ''))?.tree ?? -1
  const graph = { size: store.count + nameHits.length, folders: structure.edges, leaves, names }
  const trace = (among: readonly CommitRecord[], head: number) => ({
    among,
    traces: traceObjects(
      graph,
      among.map(({ tree }) => tree),
      head,
    ),
  })
  const kept = trace(reachable, headTree)
  const lost = left.length > 0 ? trace(left, -1) : undefined
  for (const { number, digests } of [...hits, ...nameHits]) {
    const isKept = kept.traces.lastOf(number) !== -1
    const { among, traces } = isKept || !lost ? kept : lost
    const first = among[traces.firstOf(number)]
    const last = among[traces.lastOf(number)]
    const { paths, hasMore } = traces.pathsOf(number)
    const name = number < store.count ? undefined : traces.lastPathOf(number).split('/').at(-1)
    const occurrence: Occurrence = {
      where: name === undefined ? 'file' : 'file name',
      object: number,
      ...(name === undefined ? {} : { name }),
      ...(first ? { first } : {}),
      ...(last ? { last } : {}),
      lastPath: traces.lastPathOf(number),
      paths,
      hasMorePaths: hasMore,
      isInHead: isKept && traces.isInHead(number),
      // A tag or a reflog may name a file itself.
      isReachable: isKept || reached[number] === 1,
    }
    yield { digests, occurrence }
  }
  const byNumber = new Map(commits.map((commit) => [commit.number, commit] as const))
  for (const { number, digests } of structure.messageHits) {
    const commit = byNumber.get(number)
    const occurrence: Occurrence = {
      where: commit ? 'commit message' : 'tag message',
      object: number,
      ...(commit ? { first: commit, last: commit } : {}),
      lastPath: `${commit ? 'commit' : 'tag'}-message/${idText(store, number).slice(0, 12)}`,
      paths: [],
      hasMorePaths: false,
      isInHead: false,
      isReachable: reached[number] === 1,
    }
    if (occurrence.isReachable || request.dangling) yield { digests, occurrence }
  }
}

/** Marks what refs and reflogs lead to: tags, commits and, where they are named themselves, trees and files. */
function reachFrom(roots: readonly string[], store: ObjectStore, { commits, tags }: JoinedStructure): Uint8Array {
  const reached = new Uint8Array(store.count)
  const next = new Map<number, readonly number[]>([
    ...commits.map(({ number, parents }) => [number, parents] as const),
    ...tags.map(([number, target]) => [number, [target]] as const),
  ])
  const open = roots.map((id) => numberOfText(store, id))
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    if (number === -1 || reached[number] === 1) continue
    reached[number] = 1
    open.push(...(next.get(number) ?? []))
  }
  return reached
}

/** The secret as it stands in an object, under its last path, or the one under which it was found. */
function literalOf(gathering: Gathering, occurrence: Occurrence, digest: string): SecretLiteral | undefined {
  const { request, store, reader, places } = gathering
  const { where, object, name, lastPath } = occurrence
  const content = name === undefined ? contentOf(store, reader, object) : Buffer.from(name)
  if (!content) return undefined
  const under = where === 'file' ? [lastPath, places.paths[places.pathOf[object] ?? 0] ?? ''] : ['']
  const shown = lastPath === '' ? `object/${idText(store, object).slice(0, 12)}` : lastPath
  for (const path of under) {
    const found = request.finder.findSecrets(content, path).filter((one) => one.digest === digest)
    if (found.length === 0) continue
    // Of what is not text nothing is quoted.
    const file = isText(content)
      ? sourceFile(shown, content, request.mask)
      : sourceFile(shown, content.toString('latin1'), () => '')
    return placeSecrets(found, file, request.kinds, content)[0]
  }
  return undefined
}

function contentOf(store: ObjectStore, reader: ObjectReader, number: number): Buffer | undefined {
  const object = reader.read(number)
  if (typeof object === 'string') return undefined
  const type = object.type || store.types[number]
  if (type === objectTypes.commit) return object.content.subarray(parseCommit(object.content)?.messageAt ?? 0)
  if (type === objectTypes.tag) return object.content.subarray(parseTag(object.content)?.messageAt ?? 0)
  return object.content
}

function sumOf(parts: readonly Unread[]): Unread {
  const sum: { -readonly [Problem in keyof Unread]: number } = {}
  for (const part of parts) {
    for (const problem of ['damaged', 'missing', 'too large'] as const) {
      const more = part[problem] ?? 0
      if (more > 0) sum[problem] = (sum[problem] ?? 0) + more
    }
  }
  return sum
}

function unreadGaps(parts: readonly Unread[], store: ObjectStore): string[] {
  const unread = sumOf(parts)
  let baseless = 0
  for (let number = 0; number < store.packedCount; number++) if (store.types[number] === 0) baseless++
  const gaps: string[] = []
  const broken = (unread.damaged ?? 0) + baseless
  if (broken > 0) gaps.push(`${count(broken, 'object')} of the history damaged, not read (git fsck)`)
  if (unread.missing) gaps.push(`${count(unread.missing, 'object')} of the history went away while it was read`)
  if (unread['too large'])
    gaps.push(
      `${count(unread['too large'], 'object')} of the history larger than ${limits.historyObjectBytesMax / 1_048_576} MiB, or made of what is, not read`,
    )
  return gaps
}

function missingGaps({ missing, commits }: JoinedStructure, { isPartial }: Repository): string[] {
  const withoutTree = commits.filter(({ tree }) => tree === -1).length
  const total = missing + withoutTree
  if (total === 0) return []
  return [
    `${count(total, 'object')} of the history not here, not read${isPartial ? ': a partial clone' : ' (git fsck)'}`,
  ]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
