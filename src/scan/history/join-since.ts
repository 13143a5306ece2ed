import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { SallyportError } from '../../errors.ts'
import type { Finding, SuppressedFinding } from '../../finding/finding.ts'
import { limits } from '../../limits.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Tree } from '../tree.ts'
import { commitsSince } from './commits-since.ts'
import { compareTrees, type TreeReader, treeReader } from './compare-trees.ts'
import { findRepository, type Repository } from './find-repository.ts'
import type { HistorySecret } from './history-secret.ts'
import { joinSecrets, shownPaths } from './join-history.ts'
import { newSecrets } from './new-secrets.ts'
import { type ObjectLookup, openObjectLookup } from './object-lookup.ts'
import { type Commit, momentText } from './parse-objects.ts'
import { readRefs } from './read-refs.ts'
import { readSmallFile } from './read-small-file.ts'
import { resolveCommit } from './resolve-ref.ts'

export interface SinceRequest {
  readonly directory: string
  /** A folder or file of the repository, absolute. */
  readonly root: string
  readonly since: string
  /** What was found in the files as they are, and what is allowed there. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly tree: Tree
  readonly catalogue: Catalogue
}

export interface JoinedSince {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
}

/**
 * Of what was found in the files, what has a step in a file that changed since HEAD left the other commit; and the
 * secrets that any commit since has added, even where a later one took them out. Raises CLI_USAGE where the name means
 * no commit.
 */
export function joinSince(request: SinceRequest): JoinedSince {
  const { directory, root, since, catalogue } = request
  const repository = findRepository(root)
  if (typeof repository === 'string') throw new SallyportError('CLI_USAGE', `--since ${since}: ${repository}`)
  const objects = openObjectLookup(repository)
  try {
    const refs = readRefs(repository)
    const other = resolveCommit(since, refs, objects)
    const head = resolveCommit('HEAD', refs, objects)
    if (typeof other === 'string') throw new SallyportError('CLI_USAGE', `--since ${since}: ${other}`)
    if (typeof head === 'string') throw new SallyportError('CLI_USAGE', `--since ${since}: HEAD ${head}`)
    const range = commitsSince(objects, head.id, other.id)
    const gaps = [...repository.gaps, ...refs.gaps, ...objects.gaps]
    if (!range.base) gaps.push(`${since} and HEAD have no commit in common here: every file counts as changed`)
    if (range.isCut) gaps.push(`more than ${limits.gitCommitsMax} commits since ${since}: the rest was not looked at`)
    const trees = treeReader(objects, repository.idBytes)
    const shown = shownPaths(directory, repository)
    const { secrets, unread } = addedSecrets(range.commits, {
      objects,
      trees,
      catalogue,
      shown,
      headTree: treeOf(objects, head.id),
    })
    if (unread + range.unread + trees.unread > 0)
      gaps.push(`${unread + range.unread + trees.unread} objects of the commits since ${since} are not here or damaged`)
    const isChanged = changedFiles(request, repository, trees, range.base?.commit.tree)
    const hasChanged = (finding: Finding) => filesOf(finding).some(isChanged)
    const joined = joinSecrets(request.findings, secrets, request, gaps)
    const isOfHistory = new Set(catalogue.rules.filter(({ about }) => about === 'history').map(({ id }) => id))
    return {
      findings: joined.filter((finding) => isOfHistory.has(finding.rule) || hasChanged(finding)),
      suppressed: request.suppressed.filter(hasChanged),
      measured: [[`commits since ${since}`, String(range.commits.length)]],
      gaps,
    }
  } finally {
    objects.close()
  }
}

interface Looking {
  readonly objects: ObjectLookup
  readonly trees: TreeReader
  readonly catalogue: Catalogue
  readonly shown: (path: string) => string
  readonly headTree: string | undefined
}

/** Each secret once, with the first commit that added it. */
function addedSecrets(
  commits: readonly { readonly id: string; readonly commit: Commit }[],
  { objects, trees, catalogue, shown, headTree }: Looking,
): { secrets: HistorySecret[]; unread: number } {
  const secrets = new Map<string, HistorySecret>()
  let unread = 0
  for (const { id, commit } of commits) {
    const parents = commit.parents.map((parent) => treeOf(objects, parent))
    // What a commit has added is not known where one that it follows is not here.
    if (parents.some((tree) => tree === undefined)) {
      unread++
      continue
    }
    const compared = compareTrees(trees, commit.tree, parents)
    const fresh = newSecrets(compared, objects, catalogue)
    for (const file of compared.changed) {
      for (const literal of fresh.secretsOf(file, shown(file.path))) {
        if (secrets.has(literal.digest)) continue
        const now = trees.fileAt(headTree, file.path)
        secrets.set(literal.digest, {
          literal,
          where: 'file',
          object: file.id,
          addedBy: { id, authored: momentText(commit.authored) },
          paths: [catalogue.mask(shown(file.path))],
          hasMorePaths: false,
          isInHead: now !== undefined && hasSecret(objects, catalogue, now, file.path, literal.digest),
          isReachable: true,
        })
      }
    }
    unread += fresh.unread
  }
  return { secrets: [...secrets.values()], unread }
}

function treeOf(objects: ObjectLookup, id: string): string | undefined {
  const object = objects.read(id)
  if (typeof object === 'string') return undefined
  const [, tree] = /^tree ([0-9a-f]+)\n/.exec(object.content.toString('latin1', 0, 80)) ?? []
  return tree
}

function hasSecret(objects: ObjectLookup, { finder }: Catalogue, id: string, path: string, digest: string): boolean {
  const object = objects.read(id)
  return typeof object !== 'string' && finder.findSecrets(object.content, path).some((one) => one.digest === digest)
}

function filesOf({ at, path = [], otherPaths = [] }: Finding): string[] {
  const steps = [...path, ...otherPaths.flat()].map((step) => step.at.file)
  return 'file' in at ? [at.file, ...steps] : steps
}

/** Whether a file, by the name that findings have for it, is another one than in a tree; as it lies on the disk. */
function changedFiles(
  { directory }: SinceRequest,
  { workFolder, idBytes }: Repository,
  trees: TreeReader,
  base: string | undefined,
): (file: string) => boolean {
  const known = new Map<string, boolean>()
  const inside = workFolder === undefined ? undefined : insidePath(directory, workFolder)
  const isChanged = (file: string): boolean => {
    const path = inside?.(file)
    if (path === undefined || workFolder === undefined) return true
    const before = trees.fileAt(base, path)
    const content = readSmallFile(join(workFolder, path), limits.scanFileBytesMax)
    if (before === undefined || typeof content === 'string') return true
    // A checkout may have other line ends than what is committed.
    return ![content, withoutReturns(content)].some((bytes) => blobId(bytes, idBytes) === before)
  }
  return (file) => {
    let changed = known.get(file)
    if (changed === undefined) {
      changed = isChanged(file)
      known.set(file, changed)
    }
    return changed
  }
}

/** From a finding's name for a file to its path in the repository; undefined where it is outside. */
function insidePath(directory: string, workFolder: string): (file: string) => string | undefined {
  const root = `${workFolder.replaceAll('\\', '/')}/`
  return (file) => {
    const whole = join(directory, file).replaceAll('\\', '/')
    return whole.startsWith(root) ? whole.slice(root.length) : undefined
  }
}

function blobId(content: Uint8Array, idBytes: number): string {
  const hash = createHash(idBytes === 32 ? 'sha256' : 'sha1').update(`blob ${content.length}\0`)
  return hash.update(content).digest('hex')
}

function withoutReturns(content: Buffer): Buffer {
  return content.includes('\r\n') ? Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1') : content
}
