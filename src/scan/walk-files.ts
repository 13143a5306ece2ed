import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import { type IgnoreFile, isIgnored, parseIgnoreFile } from './ignore.ts'

/** A file that was read. */
export interface ReadFile {
  /** As findings name it. */
  readonly path: string
  readonly text: string
  readonly bytes: number
}

export interface Walked {
  /** Sorted by path. */
  readonly files: readonly ReadFile[]
  /** What was not read and why, a sentence each. */
  readonly gaps: readonly string[]
  readonly ignored: number
  readonly binary: number
}

/** Other people's code and a version control's own files: not this repository's source. */
const foreignFolders = new Set(['.git', '.hg', '.svn', 'node_modules', 'vendor', 'bower_components', '.bundle'])

/**
 * Reads every text file under `root`, a folder or a file. `name` is what paths in findings begin with ('' for nothing).
 * Symbolic links are never followed, so that no loop and no link out of the tree leads anywhere.
 */
export function walkFiles(root: string, name: string): Walked {
  const files: ReadFile[] = []
  const gaps: string[] = []
  const foreign: string[] = []
  let ignored = 0
  let binary = 0
  let links = 0

  const named = (path: string) => (name === '' ? path : path === '' ? name : `${name}/${path}`)
  const folders: { readonly path: string; readonly rules: readonly IgnoreFile[]; readonly depth: number }[] = []
  const { isDirectory, size } = statOf(root)
  if (isDirectory) folders.push({ path: '', rules: [], depth: 0 })
  else readOne(root, name, size)

  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const { path, depth } = folder
    let entries: { name: string; isDirectory(): boolean; isSymbolicLink(): boolean; isFile(): boolean }[]
    try {
      entries = readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    } catch (error) {
      gaps.push(`${named(path) || '.'}: the folder could not be read (${systemCode(error)})`)
      continue
    }
    const rules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile())
      ? [...folder.rules, ...ignoreFileOf(path)]
      : folder.rules
    for (const entry of entries) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isSymbolicLink()) links++
      else if (entry.isDirectory()) {
        if (foreignFolders.has(entry.name)) {
          if (entry.name !== '.git') foreign.push(named(below))
        } else if (isIgnored(rules, below, true)) ignored++
        else if (depth >= limits.scanDepthMax)
          gaps.push(`${named(below)}: deeper than ${limits.scanDepthMax} folders, not read`)
        else folders.push({ path: below, rules, depth: depth + 1 })
      } else if (!entry.isFile()) gaps.push(`${named(below)}: neither a file nor a folder, not read`)
      else if (isIgnored(rules, below, false)) ignored++
      else if (files.length >= limits.scanFilesMax) {
        gaps.push(`more than ${limits.scanFilesMax} files: the rest was not read`)
        folders.length = 0
        break
      } else readOne(join(root, below), named(below), undefined)
    }
  }
  if (links > 0) gaps.push(`${count(links, 'symbolic link')} not followed`)
  if (foreign.length > 0)
    gaps.push(
      `not this repository’s own code, not read: ${foreign.sort().slice(0, 10).join(', ')}${foreign.length > 10 ? ` and ${foreign.length - 10} more` : ''}`,
    )
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, gaps, ignored, binary }

  function readOne(path: string, shown: string, known: number | undefined): void {
    try {
      const bytes = known ?? statOf(path).size
      if (bytes > limits.scanFileBytesMax) {
        gaps.push(`${shown}: larger than ${limits.scanFileBytesMax / 1_048_576} MiB, not read`)
        return
      }
      const content = readFileSync(path)
      if (content.subarray(0, 8_000).includes(0)) binary++
      else files.push({ path: shown, text: decode(content), bytes: content.length })
    } catch (error) {
      gaps.push(`${shown}: could not be read (${systemCode(error)})`)
    }
  }

  function ignoreFileOf(path: string): IgnoreFile[] {
    try {
      return [parseIgnoreFile(path, readFileSync(join(root, path, '.gitignore'), 'utf8'))]
    } catch {
      return []
    }
  }
}

const decoder = new TextDecoder('utf-8')

/** What is not UTF-8 becomes replacement characters: keys are ASCII and are found all the same. */
function decode(content: Uint8Array): string {
  return decoder.decode(content)
}

function statOf(path: string): { isDirectory: boolean; size: number } {
  const stat = lstatSync(path)
  return { isDirectory: stat.isDirectory(), size: stat.size }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
