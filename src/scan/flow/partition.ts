/** What of other files a file takes in. */
export interface LinkedFile {
  readonly path: string
  /** Paths that it loads, as far as they are written out; relative to it where they begin with a dot, else to any folder. */
  readonly loads: readonly string[]
  /** Whether it loads files that only running it would tell. */
  readonly loadsUnknown: boolean
  /** Whether it can be started by itself. */
  readonly isEntry: boolean
}

/** The files of one program, and the folder that they stand under; '' for the root. */
export interface ProgramFiles<File> {
  readonly folder: string
  readonly files: readonly File[]
}

/**
 * The programs of a tree: two apps side by side have nothing to do with each other, and a constant of one is not the
 * other's. Files belong together under the nearest folder with a file that marks a program's root; inside of it, files
 * that can each be started alone and do not load each other are programs of their own. Linear in the number of files.
 */
export function partition<File extends LinkedFile>(
  files: readonly File[],
  allPaths: readonly string[],
  marksRoot: (path: string) => boolean,
): ProgramFiles<File>[] {
  const roots = new Set(allPaths.filter(marksRoot).map(folderOf))
  const groups = groupBy(files, ({ path }) => nearest(folderOf(path), roots))
  return [...groups].flatMap(([folder, members]) => split(members).map((part) => ({ folder, files: part })))
}

function split<File extends LinkedFile>(files: readonly File[]): (readonly File[])[] {
  const entries = files.filter(({ isEntry }) => isEntry).length
  if (entries < 2 || files.some(({ loadsUnknown }) => loadsUnknown)) return [files]
  const groups = [...groupBy(files, joinedByLoads(files)).values()]
  const started = groups.filter((group) => group.some(({ isEntry }) => isEntry))
  // What nobody is seen to load belongs to the one program that there is.
  if (started.length < 2) return [files]
  const rest = groups.filter((group) => !group.some(({ isEntry }) => isEntry)).flat()
  return rest.length > 0 ? [...started, rest] : started
}

/** For each file the first of those that it is connected with. */
function joinedByLoads<File extends LinkedFile>(files: readonly File[]): (file: File) => File {
  const bySuffix = suffixes(files)
  const above = new Map<File, File>()
  const find = (file: File): File => {
    let top = file
    for (let up = above.get(top); up; up = above.get(top)) top = up
    // The way is made short for the next who asks.
    for (let step = file; step !== top; ) {
      const up = above.get(step) ?? top
      above.set(step, top)
      step = up
    }
    return top
  }
  for (const file of files)
    for (const load of file.loads) {
      const loaded = loadedFile(file.path, load, bySuffix)
      if (!loaded) continue
      const [one, two] = [find(loaded), find(file)]
      if (one !== two) above.set(one, two)
    }
  return find
}

interface Suffixes<File> {
  /** By whole path without extension. */
  readonly whole: ReadonlyMap<string, File>
  /** By every end of the path that begins at a folder; the first file of each. */
  readonly ends: ReadonlyMap<string, File>
}

function suffixes<File extends LinkedFile>(files: readonly File[]): Suffixes<File> {
  const whole = new Map<string, File>()
  const ends = new Map<string, File>()
  for (const file of files) {
    const path = withoutExtension(file.path)
    if (!whole.has(path)) whole.set(path, file)
    for (let end = path; ; end = end.slice(end.indexOf('/') + 1)) {
      if (!ends.has(end)) ends.set(end, file)
      if (!end.includes('/')) break
    }
  }
  return { whole, ends }
}

/** `./lib/client` is below the file's own folder; `lib/client` is the nearest whose path ends so, looking upwards. */
function loadedFile<File>(from: string, load: string, { whole, ends }: Suffixes<File>): File | undefined {
  const isRelative = load.startsWith('.')
  const segments: string[] = isRelative ? folderOf(from).split('/').filter(Boolean) : []
  for (const segment of load.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  const wanted = withoutExtension(segments.join('/'))
  if (wanted === '') return undefined
  if (isRelative) return whole.get(wanted)
  for (let folder = folderOf(from); folder !== ''; folder = folderOf(folder)) {
    const near = whole.get(`${folder}/${wanted}`) ?? whole.get(`${folder}/lib/${wanted}`)
    if (near) return near
  }
  return ends.get(wanted)
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

function nearest(folder: string, roots: ReadonlySet<string>): string {
  for (let current = folder; ; current = folderOf(current)) {
    if (roots.has(current) || current === '') return current
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function withoutExtension(path: string): string {
  return path.replace(/\.\w+$/, '')
}
