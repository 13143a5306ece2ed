import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import type { FileReference } from './content.ts'
import { type Effort, type IgnoreFile, isIgnored, parseIgnoreFile } from './ignore.ts'
import { readGitIndex, type TrackedNames } from './read-git-index.ts'

export interface WalkOptions {
  /** Also what .gitignore and .git/info/exclude leave out. */
  readonly takesIgnored: boolean
  /** Patterns as in .gitignore, for paths as findings name them, of what is not read whatever else is said. */
  readonly exclude?: readonly string[]
}

/** What a walk has not read; complete when it has ended. Whatever is left out on purpose is no gap. */
export interface WalkRecord {
  /** What could not be read and why, a sentence each. */
  readonly gaps: string[]
  ignored: number
  /** What `exclude` has left out; a folder counts as one. */
  excluded?: number
  /** Symbolic links, none of which is followed. */
  links?: number
  /** Folders with other people's code. */
  foreign?: string[]
  /** Where somebody gives a list: every folder that was read. */
  readonly folders?: (Buffer | string)[]
}

/** Other people's code and a version control's own files: not this repository's source. */
const foreignFolders = new Set(['.git', '.hg', '.svn', 'node_modules', 'vendor', 'bower_components', '.bundle'])

interface Folder {
  readonly path: string
  readonly at: Buffer | string
  readonly rules: Rules
  readonly depth: number
}

/** What is left out of a repository, or of a part of one. */
interface Rules {
  readonly files: readonly IgnoreFile[]
  /** Of a folder that is ignored and has something tracked in it: nothing else of it is taken. */
  readonly onlyTracked: boolean
  /** Whether the repository has a file, or something in a folder, that its rules would leave out. */
  isTracked(path: string): boolean
}

const noRules: Rules = { files: [], onlyTracked: false, isTracked: () => false }

/**
 * Every file under `root`, a folder or a file; read by nobody yet. `name` is what paths in findings begin with ('' for
 * nothing). Symbolic links are never followed, so that no loop and no link out of the tree leads anywhere: a file of the
 * tree is met once, at its own place. Holds one folder's list at a time, whatever the size of the tree.
 */
export function* walkFiles(
  root: string,
  name: string,
  record: WalkRecord,
  { takesIgnored, exclude = [] }: WalkOptions = { takesIgnored: false },
): Generator<FileReference> {
  const { gaps } = record
  let files = 0
  const effort: Effort = { stepsLeft: limits.scanIgnoreStepsMax }
  let isTold = false
  const excludes = [parseIgnoreFile('', exclude.join('\n'))]
  const named = (path: string) => (name === '' ? path : path === '' ? name : `${name}/${path}`)
  if (!lstatSync(root).isDirectory()) {
    yield { path: name, at: root }
    return
  }
  const folders: Folder[] = [{ path: '', at: root, rules: takesIgnored ? noRules : rulesAbove(root), depth: 0 }]
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const { path, depth, at } = folder
    record.folders?.push(at)
    let entries: readonly Entry[]
    try {
      entries = entriesOf(at)
    } catch (error) {
      gaps.push(`${named(path) || '.'}: the folder could not be read (${systemCode(error)})`)
      continue
    }
    const rules = takesIgnored ? noRules : rulesIn(folder, entries)
    const inner: Folder[] = []
    for (const { shown, entry, at } of entries) {
      const below = path === '' ? shown : `${path}/${shown}`
      if (isIgnored(excludes, named(below), entry.isDirectory())) record.excluded = (record.excluded ?? 0) + 1
      else if (entry.isSymbolicLink()) record.links = (record.links ?? 0) + 1
      else if (entry.isDirectory()) {
        if (foreignFolders.has(shown)) {
          if (shown === '.git') continue
          record.foreign ??= []
          record.foreign.push(named(below))
        } else if (isLeftOut(rules, below, true, effort)) record.ignored++
        else if (depth >= limits.scanDepthMax)
          gaps.push(`${named(below)}: deeper than ${limits.scanDepthMax} folders, not read`)
        else inner.push({ path: below, at, rules: rulesInside(rules, below, effort), depth: depth + 1 })
      } else if (isLeftOut(rules, below, false, effort)) record.ignored++
      else if (!entry.isFile()) gaps.push(`${named(below)}: neither a file nor a folder, not read`)
      else if (files >= limits.scanFilesMax) {
        gaps.push(`more than ${limits.scanFilesMax} files: the rest was not read`)
        return
      } else {
        files++
        yield { path: named(below), at }
      }
    }
    for (const next of inner.reverse()) folders.push(next)
    if (effort.stepsLeft > 0 || isTold) continue
    isTold = true
    gaps.push(`${named(path) || '.'}: more patterns that ignore files than are compared: from here on they are read`)
  }
}

interface Entry {
  /** The name as findings show it. */
  readonly shown: string
  readonly at: Buffer | string
  readonly entry: Dirent<string> | Dirent<Buffer>
}

/** Sorted. A name that is not UTF-8 is shown with its bytes written out, and asked for by its bytes. */
function entriesOf(folder: Buffer | string): readonly Entry[] {
  if (typeof folder === 'string') {
    const entries = readdirSync(folder, { withFileTypes: true })
    if (!entries.some((entry) => entry.name.includes('\ufffd')))
      return entries
        .map((entry) => ({ shown: entry.name, at: `${folder}/${entry.name}`, entry }))
        .sort((a, b) => (a.shown < b.shown ? -1 : 1))
  }
  const above = Buffer.from(folder)
  return readdirSync(above, { withFileTypes: true, encoding: 'buffer' })
    .map((entry) => ({
      shown: shownName(entry.name),
      at: Buffer.concat([above, Buffer.from('/'), entry.name]),
      entry,
    }))
    .sort((a, b) => Buffer.compare(a.entry.name, b.entry.name))
}

const strict = new TextDecoder('utf-8', { fatal: true })

function shownName(name: Buffer): string {
  try {
    return strict.decode(name)
  } catch {
    return name.toString('latin1').replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
  }
}

/** A file that is in the repository is not ignored, whatever the rules say: keys in it are published with it. */
function isLeftOut({ files, onlyTracked, isTracked }: Rules, path: string, isFolder: boolean, effort: Effort): boolean {
  return (onlyTracked || isIgnored(files, path, isFolder, effort)) && !isTracked(path)
}

function rulesInside(rules: Rules, path: string, effort: Effort): Rules {
  return rules.onlyTracked || !isIgnored(rules.files, path, true, effort) ? rules : { ...rules, onlyTracked: true }
}

/** The rules of the folder's parents and its own. A repository in a repository has its own, and only those. */
function rulesIn({ path, at, rules }: Folder, entries: readonly Entry[]): Rules {
  const isRepository = entries.some(({ shown }) => shown === '.git')
  const outer = isRepository ? rulesOfRepository(at, path, '') : rules
  const file = entries.find(({ shown, entry }) => shown === '.gitignore' && entry.isFile())
  const text = file && readRules(file.at)
  return text === undefined ? outer : { ...outer, files: [...outer.files, parseIgnoreFile(path, text)] }
}

/** The rules that come from above the root, where it is a part of a repository. */
function rulesAbove(root: string): Rules {
  if (existsSync(join(root, '.git'))) return noRules
  const texts: { readonly text: string; readonly above: string }[] = []
  let above = basename(root)
  for (let folder = dirname(root); texts.length <= limits.scanDepthMax; folder = dirname(folder)) {
    const text = readRules(join(folder, '.gitignore'))
    if (text !== undefined) texts.unshift({ text, above })
    if (existsSync(join(folder, '.git'))) {
      const own = rulesOfRepository(folder, '', above)
      return { ...own, files: [...own.files, ...texts.map((each) => parseIgnoreFile('', each.text, each.above))] }
    }
    if (dirname(folder) === folder) return noRules
    above = `${basename(folder)}/${above}`
  }
  return noRules
}

/**
 * .git/info/exclude, and what is tracked. The user's own excludes are somewhere else, and not read: they are no part of
 * the tree. `path` is the repository's in the walk; `above` is the walk's root in the repository.
 */
function rulesOfRepository(at: Buffer | string, path: string, above: string): Rules {
  const git = Buffer.concat([Buffer.from(at), Buffer.from('/.git')])
  const text = readRules(Buffer.concat([git, Buffer.from('/info/exclude')]))
  let tracked: TrackedNames | undefined | 'not read' = 'not read'
  return {
    files: text === undefined ? [] : [parseIgnoreFile(path, text, above)],
    onlyTracked: false,
    isTracked(name) {
      // Most repositories track nothing that they ignore; most walks ask only about a few folders.
      if (tracked === 'not read') tracked = readGitIndex(Buffer.concat([git, Buffer.from('/index')]))
      const inside = path === '' ? name : name.slice(path.length + 1)
      const whole = above === '' ? inside : `${above}/${inside}`
      return tracked !== undefined && (tracked.files.has(whole) || tracked.folders.has(whole))
    },
  }
}

function readRules(at: Buffer | string): string | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(at, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const stat = fstatSync(descriptor)
    if (!stat.isFile() || stat.size > limits.scanIgnoreFileBytesMax) return undefined
    return readFileSync(descriptor, 'utf8')
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
