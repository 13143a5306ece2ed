import { join } from 'node:path'
import { limits } from '../../limits.ts'
import type { Repository } from './find-repository.ts'
import { folderEntries, readSmallFile, readSmallText } from './read-small-file.ts'

export interface Refs {
  /** Object ids by full name: `refs/heads/main`. */
  readonly byName: ReadonlyMap<string, string>
  /** What HEAD of this working tree comes to; undefined before the first commit. */
  readonly head: string | undefined
  /** Every id that keeps objects reachable: refs, HEADs of all worktrees, pseudo-refs, and reflogs. */
  readonly roots: readonly string[]
  readonly gaps: readonly string[]
}

/** Every ref of a repository, of whatever folder; symbolic ones resolved. */
export function readRefs(repository: Repository): Refs {
  const { gitFolder, commonFolder, idBytes } = repository
  const gaps: string[] = []
  const texts = new Map<string, string>()
  readPackedRefs(join(commonFolder, 'packed-refs'), texts, gaps)
  readLooseRefs(commonFolder, texts, gaps)
  // A linked worktree has refs of its own: bisect, rewritten.
  if (gitFolder !== commonFolder) readLooseRefs(gitFolder, texts, gaps)

  const byName = new Map<string, string>()
  for (const name of texts.keys()) {
    const id = resolveRef(texts, texts.get(name), idBytes)
    if (id !== undefined) byName.set(name, id)
  }
  const head = resolveRef(texts, readSmallText(join(gitFolder, 'HEAD')), idBytes)
  const roots = new Set(byName.values())
  const worktrees = folderEntries(join(commonFolder, 'worktrees')).filter(({ isFolder }) => isFolder)
  for (const folder of [
    commonFolder,
    gitFolder,
    ...worktrees.map(({ name }) => join(commonFolder, 'worktrees', name)),
  ]) {
    for (const text of pseudoRefs(folder)) {
      const id = resolveRef(texts, text, idBytes)
      if (id !== undefined) roots.add(id)
    }
    for (const id of reflogIds(join(folder, 'logs'), idBytes, gaps)) roots.add(id)
  }
  if ([...byName.keys()].some((name) => name.startsWith('refs/replace/')))
    gaps.push(
      'replacements (refs/replace) are not applied: the history is told as it was recorded, and they are searched too',
    )
  return { byName, head, roots: [...roots].sort(), gaps }
}

/** `HEAD`, `ORIG_HEAD`, `FETCH_HEAD`, `MERGE_HEAD`, …: the id, or `ref: NAME`, at the beginning of each line. */
function pseudoRefs(folder: string): string[] {
  return folderEntries(folder)
    .filter(({ name, isFile }) => isFile && /^(?:[A-Z]+_)*HEAD$/.test(name))
    .flatMap(({ name }) => (readSmallText(join(folder, name), limits.gitRefsBytesMax) ?? '').split('\n'))
}

function resolveRef(texts: ReadonlyMap<string, string>, text: string | undefined, idBytes: number): string | undefined {
  let value = text
  // git itself follows five.
  for (let hop = 0; hop < 5 && value?.startsWith('ref: '); hop++) value = texts.get(value.slice(5).trim())
  return idAtStart(value ?? '', idBytes)
}

function idAtStart(text: string, idBytes: number): string | undefined {
  const id = text.slice(0, idBytes * 2)
  return id.length === idBytes * 2 && /^[0-9a-f]+$/.test(id) ? id : undefined
}

function readPackedRefs(path: string, texts: Map<string, string>, gaps: string[]): void {
  const content = readSmallFile(path, limits.gitRefsBytesMax)
  if (typeof content === 'string') {
    if (content !== 'ENOENT') gaps.push(`packed-refs: could not be read (${content})`)
    return
  }
  for (const line of content.toString('utf8').split('\n')) {
    // `^id` is what the tag of the line before comes to: reached through the tag itself.
    const [, id, name] = /^([0-9a-f]{40,64}) (\S+)$/.exec(line) ?? []
    if (id !== undefined && name !== undefined) texts.set(name, id)
  }
}

function readLooseRefs(folder: string, texts: Map<string, string>, gaps: string[]): void {
  for (const name of filesBelow(folder, 'refs', gaps)) {
    const text = readSmallText(join(folder, name))
    if (text) texts.set(name, text)
  }
}

function* reflogIds(folder: string, idBytes: number, gaps: string[]): Generator<string> {
  for (const name of filesBelow(folder, '', gaps)) {
    const content = readSmallFile(join(folder, name), limits.gitReflogBytesMax)
    if (typeof content === 'string') {
      gaps.push(`logs/${name}: the reflog could not be read (${content})`)
      continue
    }
    for (const line of content.toString('latin1').split('\n')) {
      for (const id of [idAtStart(line, idBytes), idAtStart(line.slice(idBytes * 2 + 1), idBytes)])
        if (id !== undefined && !/^0+$/.test(id)) yield id
    }
  }
}

/** Paths of files under `folder/below`, relative to `folder`. */
function filesBelow(folder: string, below: string, gaps: string[]): string[] {
  const files: string[] = []
  const open: string[] = [below]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const { name, isFile, isFolder } of folderEntries(join(folder, path))) {
      const inner = path === '' ? name : `${path}/${name}`
      if (isFolder && inner.split('/').length < limits.scanDepthMax) open.push(inner)
      else if (isFile) files.push(inner)
      if (files.length > limits.gitRefsMax) {
        gaps.push(`more than ${limits.gitRefsMax} refs: the rest was not read`)
        return files
      }
    }
  }
  return files.sort()
}
