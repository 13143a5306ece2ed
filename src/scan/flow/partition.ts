import type { ProgramFile } from './program.ts'

/** A file of a program, and what of other files it takes in. */
export interface LinkedFile extends ProgramFile {
  /** Paths that it loads, as far as they are written out; relative to it or to any folder. */
  readonly loads: readonly string[]
  /** Whether it loads files that only running it would tell. */
  readonly loadsUnknown: boolean
  /** Whether it can be started by itself. */
  readonly isEntry: boolean
}

/** The files of one program, and the folder that they stand under; '' for the root. */
export interface ProgramFiles {
  readonly folder: string
  readonly files: readonly ProgramFile[]
}

const rootMarkers = new Set(['Gemfile', 'config.ru', 'Procfile', 'Rakefile'])

/**
 * The programs of a tree: two apps side by side have nothing to do with each other, and a constant of one is not the
 * other's. Files belong together under the nearest folder with a marker of a program's root; inside of it, files that
 * can each be started alone and do not load each other are programs of their own.
 */
export function partition(files: readonly LinkedFile[], allPaths: readonly string[]): ProgramFiles[] {
  const roots = new Set(allPaths.filter((path) => rootMarkers.has(lastSegment(path))).map(folderOf))
  const groups = new Map<string, LinkedFile[]>()
  for (const file of files) {
    const root = nearest(folderOf(file.source.path), roots)
    groups.set(root, [...(groups.get(root) ?? []), file])
  }
  return [...groups].flatMap(([folder, members]) => split(members).map((part) => ({ folder, files: part })))
}

function split(files: readonly LinkedFile[]): LinkedFile[][] {
  if (files.filter(({ isEntry }) => isEntry).length < 2 || files.some(({ loadsUnknown }) => loadsUnknown))
    return [[...files]]
  const groupOf = new Map(files.map((file) => [file, file] as const))
  const find = (file: LinkedFile): LinkedFile => {
    const up = groupOf.get(file) ?? file
    return up === file ? file : find(up)
  }
  for (const file of files)
    for (const load of file.loads) {
      const loaded = files.find((other) => isLoaded(file.source.path, load, other.source.path))
      if (loaded) groupOf.set(find(loaded), find(file))
    }
  const groups = new Map<LinkedFile, LinkedFile[]>()
  for (const file of files) groups.set(find(file), [...(groups.get(find(file)) ?? []), file])
  const started = [...groups.values()].filter((group) => group.some(({ isEntry }) => isEntry))
  const rest = [...groups.values()].filter((group) => !started.includes(group)).flat()
  // What nobody is seen to load belongs to the one program that there is.
  if (started.length < 2) return [[...files]]
  return rest.length > 0 ? [...started, rest] : started
}

/** `./lib/client`, `lib/client` and `client.rb` all mean a file whose path ends so. */
function isLoaded(from: string, load: string, path: string): boolean {
  const segments: string[] = load.startsWith('.') ? folderOf(from).split('/').filter(Boolean) : []
  for (const segment of load.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  const wanted = segments.join('/').replace(/\.\w+$/, '')
  const given = path.replace(/\.\w+$/, '')
  return given === wanted || given === `${folderOf(from)}/${wanted}` || given.endsWith(`/${wanted}`)
}

function nearest(folder: string, roots: ReadonlySet<string>): string {
  for (let current = folder; ; current = folderOf(current)) {
    if (roots.has(current) || current === '') return current
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
