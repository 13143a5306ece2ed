import { lstatSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type GitConfig, parseGitConfig } from './git-config.ts'
import { readSmallText } from './read-small-file.ts'

/** Where a repository's files are. Paths are absolute. */
export interface Repository {
  /** HEAD and the index of this working tree. */
  readonly gitFolder: string
  /** Objects and refs; another folder than `gitFolder` in a linked worktree. */
  readonly commonFolder: string
  /** Absent in a bare repository. */
  readonly workFolder?: string
  /** Length of an object's id: 20 with SHA-1, 32 with SHA-256. */
  readonly idBytes: 20 | 32
  readonly isPartial: boolean
  /** What of it is not read, a sentence each. */
  readonly gaps: readonly string[]
}

/** The repository that a folder or file belongs to, as git looks for it: upwards; or why there is none, in words. */
export function findRepository(path: string): Repository | string {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = repositoryAt(folder)
    if (found !== undefined) return found
    if (dirname(folder) === folder) return 'it is in no git repository'
  }
}

function repositoryAt(folder: string): Repository | string | undefined {
  const git = join(folder, '.git')
  switch (sortOf(git)) {
    case 'folder':
      return isGitFolder(git) ? openRepository(git, folder) : undefined
    case 'file':
      return linkedRepository(git, folder)
    case 'link':
      return '.git is a symbolic link, which is not followed'
    default:
      return isGitFolder(folder) ? openRepository(folder, undefined) : undefined
  }
}

function sortOf(path: string): 'folder' | 'file' | 'link' | undefined {
  try {
    const stat = lstatSync(path)
    return stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : undefined
  } catch {
    return undefined
  }
}

function isGitFolder(folder: string): boolean {
  return readSmallText(join(folder, 'HEAD')) !== undefined && sortOf(join(folder, 'objects')) === 'folder'
}

/**
 * A `.git` file of a linked worktree or a submodule. It may name any folder of the machine: another repository's
 * history would be reported as this one's. So the folder that it names must name this one in turn, or lie below it.
 */
function linkedRepository(file: string, folder: string): Repository | string {
  const [, target] = /^gitdir: (.+)$/.exec(readSmallText(file) ?? '') ?? []
  if (target === undefined) return '.git is a file that names no folder'
  const gitFolder = resolve(folder, target)
  const common = readSmallText(join(gitFolder, 'commondir'))
  const commonFolder = common === undefined ? gitFolder : resolve(gitFolder, common)
  if (readSmallText(join(gitFolder, 'HEAD')) === undefined || sortOf(join(commonFolder, 'objects')) !== 'folder')
    return '.git names a folder that is no repository'
  const back = readSmallText(join(gitFolder, 'gitdir'))
  const config = configOf(commonFolder)
  const namedTree = config.get('core.worktree')
  const isOurs =
    isSamePlace(back, file, gitFolder) ||
    isSamePlace(namedTree, folder, commonFolder) ||
    realPath(gitFolder).startsWith(`${realPath(folder)}/`)
  if (!isOurs) return '.git names a repository elsewhere that does not name this folder in turn; it is not followed'
  return openRepository(gitFolder, folder, commonFolder)
}

function isSamePlace(named: string | undefined, place: string, from: string): boolean {
  return named !== undefined && realPath(resolve(from, named)) === realPath(place)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function configOf(commonFolder: string): GitConfig {
  return parseGitConfig(readSmallText(join(commonFolder, 'config'), 1_048_576) ?? '')
}

function openRepository(gitFolder: string, workFolder: string | undefined, commonFolder = gitFolder): Repository {
  const config = configOf(commonFolder)
  const gaps: string[] = []
  if ((config.get('extensions.refstorage') ?? 'files') !== 'files')
    gaps.push('the repository keeps its refs in a reftable, which is not read: only HEAD’s own file and reflogs are')
  if (readSmallText(join(commonFolder, 'objects/info/alternates')))
    gaps.push('objects that the repository borrows from another one (objects/info/alternates) were not read')
  if (readSmallText(join(commonFolder, 'info/grafts')))
    gaps.push('grafts (info/grafts) are not applied: the history is told as it was recorded')
  const shallow = readSmallText(join(commonFolder, 'shallow'), 16_777_216)
  if (shallow)
    gaps.push(
      `a shallow clone: what was before ${shallow.split('\n').length} of its commits is not here (git fetch --unshallow)`,
    )
  return {
    gitFolder,
    commonFolder,
    ...(workFolder === undefined ? {} : { workFolder }),
    idBytes: config.get('extensions.objectformat') === 'sha256' ? 32 : 20,
    isPartial: [...config.keys()].some(
      (key) => key === 'extensions.partialclone' || /^remote\..*\.promisor$/.test(key),
    ),
    gaps,
  }
}
