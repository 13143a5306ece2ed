import { closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import type { FileReference } from './content.ts'
import { type IgnoreFile, isIgnored, parseIgnoreFile } from './ignore.ts'

export interface WalkOptions {
  /** Also what .gitignore and .git/info/exclude leave out. */
  readonly takesIgnored: boolean
}

/** What a walk has left out; complete when it has ended. */
export interface WalkRecord {
  /** What was not read and why, a sentence each. */
  readonly gaps: string[]
  ignored: number
}

/** Other people's code and a version control's own files: not this repository's source. */
const foreignFolders = new Set(['.git', '.hg', '.svn', 'node_modules', 'vendor', 'bower_components', '.bundle'])

interface Folder {
  readonly path: string
  readonly at: Buffer | string
  readonly rules: readonly IgnoreFile[]
  readonly depth: number
}

/**
 * Every file under `root`, a folder or a file; read by nobody yet. `name` is what paths in findings begin with ('' for
 * nothing). Symbolic links are never followed, so that no loop and no link out of the tree leads anywhere: a file of the
 * tree is met once, at its own place. Holds one folder's list at a time, whatever the size of the tree.
 */
export function* walkFiles(
  root: string,
  name: string,
  record: WalkRecord,
  { takesIgnored }: WalkOptions = { takesIgnored: false },
): Generator<FileReference> {
  const { gaps } = record
  const foreign: string[] = []
  let links = 0
  let files = 0
  const named = (path: string) => (name === '' ? path : path === '' ? name : `${name}/${path}`)
  if (!lstatSync(root).isDirectory()) {
    yield { path: name, at: root }
    return
  }
  const folders: Folder[] = [{ path: '', at: root, rules: takesIgnored ? [] : excludesOf(root, ''), depth: 0 }]
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const { path, depth, at } = folder
    let entries: readonly Entry[]
    try {
      entries = entriesOf(at)
    } catch (error) {
      gaps.push(`${named(path) || '.'}: the folder could not be read (${systemCode(error)})`)
      continue
    }
    const rules = takesIgnored ? [] : rulesIn(folder, entries)
    const inner: Folder[] = []
    for (const { shown, entry, at } of entries) {
      const below = path === '' ? shown : `${path}/${shown}`
      if (entry.isSymbolicLink()) links++
      else if (entry.isDirectory()) {
        if (foreignFolders.has(shown)) {
          if (shown !== '.git') foreign.push(named(below))
        } else if (isIgnored(rules, below, true)) record.ignored++
        else if (depth >= limits.scanDepthMax)
          gaps.push(`${named(below)}: deeper than ${limits.scanDepthMax} folders, not read`)
        else inner.push({ path: below, at, rules, depth: depth + 1 })
      } else if (isIgnored(rules, below, false)) record.ignored++
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
  }
  if (links > 0) gaps.push(`${count(links, 'symbolic link')} not followed`)
  if (foreign.length > 0) {
    const shown = foreign.sort().slice(0, 10).join(', ')
    gaps.push(
      `not this repository’s own code, not read: ${shown}${foreign.length > 10 ? ` and ${foreign.length - 10} more` : ''}`,
    )
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

/** The rules of the folder's parents and its own. A repository in a repository has its own, and only those. */
function rulesIn({ path, at, rules }: Folder, entries: readonly Entry[]): readonly IgnoreFile[] {
  const isRepository = path !== '' && entries.some(({ shown }) => shown === '.git')
  const outer = isRepository ? excludesOf(at, path) : rules
  const file = entries.find(({ shown, entry }) => shown === '.gitignore' && entry.isFile())
  const text = file && readRules(file.at)
  return text === undefined ? outer : [...outer, parseIgnoreFile(path, text)]
}

/** .git/info/exclude; the user's own excludes are somewhere else, and not read: they are no part of the tree. */
function excludesOf(at: Buffer | string, path: string): readonly IgnoreFile[] {
  const text = readRules(Buffer.concat([Buffer.from(at), Buffer.from('/.git/info/exclude')]))
  return text === undefined ? [] : [parseIgnoreFile(path, text)]
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

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
