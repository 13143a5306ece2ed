import { lstatSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import type { Finding, SuppressedFinding } from '../finding/finding.ts'
import { limits } from '../limits.ts'
import type { ScanCache } from './cache/scan-cache.ts'
import { type Catalogue, loadCatalogue } from './catalogue.ts'
import type { FileReference } from './content.ts'
import { type FileReport, failedReport } from './examine-file.ts'
import type { ProgramReport } from './examine-program.ts'
import { type ExaminedFiles, growingFiles } from './examined-files.ts'
import { type FileReferences, type GrowingReferences, growingReferences } from './file-references.ts'
import type { ProgramFiles } from './flow/partition.ts'
import { mergeFindings } from './merge-findings.ts'
import { openParsers } from './open-parsers.ts'
import { openTree } from './open-tree.ts'
import { diskReader } from './read-disk.ts'
import type { Rule } from './rule.ts'
import { type WithinTime, withoutWatch } from './run-steps.ts'
import { type Examined, finishScan, followAll, type ProgramMember } from './scan.ts'
import type { Tree } from './tree.ts'
import { type WalkOptions, type WalkRecord, walkFiles } from './walk-files.ts'
import { type CachedDigests, type FileAnswer, packStarts } from './workers/hand.ts'
import { type Crew, crewOfOne, crewOfThreads } from './workers/open-crew.ts'

export interface PathsScan {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly rules: readonly Rule[]
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
}

export interface ScanOptions extends WalkOptions {
  /** Number of threads, 0 for this one alone; as many as there are cores where it is not said. */
  readonly jobs?: number
  /** Whether the git history is searched too, and in it what nothing leads to any more. */
  readonly history?: { readonly dangling: boolean }
  /** Only what changed since HEAD left this branch, tag or commit. */
  readonly since?: string
  /** A folder in which what was found is kept for the next scan of the same; none: nothing is kept. */
  readonly cacheFolder?: string
  /** Stops the last resorts' work; without it nobody watches this thread's own steps. */
  readonly withinTime?: WithinTime
  /** Called often while the scan goes on. */
  readonly onProgress?: (progress: ScanProgress) => void
}

/** How far a scan is. `files` grows while the tree is walked; of them `reused` were known from an earlier scan. */
export interface ScanProgress {
  files: number
  examined: number
  reused: number
  programs: number
  followed: number
}

/**
 * Scans folders and files. Paths in findings are relative to `directory` where they are below it, else to the scanned
 * folder. Raises FILE_UNREADABLE for a path that is not there; everything below a path is told as a gap instead. The
 * same tree gives the same result with any number of threads.
 */
export async function scanPaths(
  directory: string,
  paths: readonly string[],
  options: ScanOptions = { takesIgnored: false },
): Promise<PathsScan> {
  const roots = namedApart(
    directory,
    paths.map((given) => rootOf(directory, given)),
  )
  const { tree, catalogue, ...scanned } = await scanTree(roots, options)
  const { history, since, jobs } = options
  if (since !== undefined) {
    const { joinSince } = await import('./history/join-since.ts')
    const root = roots[0]?.[0] ?? directory
    const { findings, suppressed, measured, gaps } = joinSince({ directory, root, since, tree, catalogue, ...scanned })
    return {
      findings: mergeFindings(findings),
      suppressed,
      rules: scanned.rules,
      measured: [...scanned.measured, ...measured],
      gaps: [...scanned.gaps, ...gaps],
    }
  }
  if (!history) return scanned
  const { joinHistory } = await import('./history/join-history.ts')
  const { findings, measured, gaps } = await joinHistory({
    directory,
    roots: roots.map(([root]) => root),
    dangling: history.dangling,
    ...(jobs ? { threads: jobs } : {}),
    ...scanned,
    tree,
    catalogue,
  })
  return {
    findings: mergeFindings(findings),
    suppressed: scanned.suppressed,
    rules: scanned.rules,
    measured: [...scanned.measured, ...measured],
    gaps: [...scanned.gaps, ...gaps],
  }
}

async function scanTree(
  roots: readonly (readonly [root: string, name: string])[],
  options: ScanOptions,
): Promise<PathsScan & { readonly tree: Tree; readonly catalogue: Catalogue }> {
  const startedMs = Date.now()
  const { withinTime = withoutWatch } = options
  const progress: ScanProgress = { files: 0, examined: 0, reused: 0, programs: 0, followed: 0 }
  const tell = (changed: Partial<ScanProgress>) => options.onProgress?.(Object.assign(progress, changed))
  const record: WalkRecord = { gaps: [], ignored: 0 }
  const references = growingReferences()
  const found = walkAll(roots, record, options, references)
  const first = take(found, limits.scanAloneFilesMax + 1)
  const catalogue = await loadCatalogue()
  const isSmall = first.length <= limits.scanAloneFilesMax && sizeOf(first) <= limits.scanAloneBytesMax
  // What is scanned before a cache would have been read needs none.
  const cache = isSmall ? undefined : await cacheOf(roots, options, catalogue, startedMs)
  const threads = options.jobs ?? (isSmall ? 0 : availableParallelism())
  const crew = threads === 0 ? crewOfOne(catalogue, withinTime) : crewOfThreads(threads)
  try {
    const files = await examineAll({ crew, cache, tell, progress }, [first, found])
    const parsers = openParsers()
    for (const { path, language } of files.reports) if (language !== undefined) await parsers.openFor(path)
    const tree = openTree(references, files.known, diskReader, catalogue.mask, parsers)
    const isCached = references.size <= limits.scanCacheFilesMax
    const programs = programsOf({
      crew,
      references,
      tree,
      catalogue,
      cache: isCached ? cache : undefined,
      progress,
      tell,
    })
    const result = await finishScan({ files, tree, now: new Date(startedMs), programs, withinTime }, catalogue)
    const { findings, suppressed, rules } = result
    const measured = measuresOf(files, result.parsed, record)
    return { findings, suppressed, rules, measured, gaps: [...record.gaps, ...result.gaps], tree, catalogue }
  } finally {
    await crew.close()
  }
}

/** Loaded only where it is used. Not inside of what is scanned: nothing is written there. */
async function cacheOf(
  roots: readonly (readonly [root: string, name: string])[],
  { cacheFolder, takesIgnored, exclude = [] }: ScanOptions,
  { mask }: Catalogue,
  startedMs: number,
): Promise<ScanCache | undefined> {
  if (cacheFolder === undefined || roots.some(([root]) => isInside(cacheFolder, root))) return undefined
  const { openScanCache } = await import('./cache/scan-cache.ts')
  return openScanCache(cacheFolder, [String(takesIgnored), ...exclude, ...roots.flat()], mask, startedMs)
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || !(way.startsWith('..') || isAbsolute(way))
}

function* walkAll(
  roots: readonly (readonly [root: string, name: string])[],
  record: WalkRecord,
  options: WalkOptions,
  references: GrowingReferences,
): Generator<FileReference> {
  const isFollowed = countSource((gap) => record.gaps.push(gap))
  for (const [root, name] of roots)
    for (const file of walkFiles(root, name, record, options)) {
      // The same file by two of the paths that were asked for.
      if (references.add(file)) yield isFollowed(file.path) ? file : { ...file, isUnfollowed: true }
      else if (!isSameFile(references.get(file.path), file))
        record.gaps.push(`${file.path}: another file is shown by the same name, not read`)
    }
}

/** `x\x80` can be a name as it stands, and the way in which one that is not UTF-8 is shown. */
function isSameFile(one: FileReference | undefined, other: FileReference): boolean {
  return one !== undefined && Buffer.from(one.at).equals(Buffer.from(other.at))
}

/**
 * Whether a file may be parsed: the first `scanSourceFilesMax` of the walk, whose order does not depend on threads.
 * Which files without an extension are scripts their names do not tell: they are counted by themselves.
 */
function countSource(gap: (sentence: string) => void): (path: string) => boolean {
  const { languageOf } = openParsers()
  const counts = { source: 0, unnamed: 0 }
  let isTold = false
  return (path) => {
    const sort = languageOf(path) ? 'source' : /(?:^|\/)[^/.]+$/.test(path) ? 'unnamed' : undefined
    if (sort === undefined || ++counts[sort] <= limits.scanSourceFilesMax) return true
    if (!isTold)
      gap(`more than ${limits.scanSourceFilesMax} files of source: the rest was searched for keys, not followed`)
    isTold = true
    return false
  }
}

/**
 * Several roots outside of the directory are named from the folder that they share: files of the same name in two of
 * them are two files.
 */
function namedApart(
  directory: string,
  roots: readonly (readonly [root: string, name: string])[],
): readonly (readonly [root: string, name: string])[] {
  const isOutside = ([root]: readonly [string, string]) => !isInside(root, directory)
  const outside = roots.filter(isOutside)
  if (outside.length < 2) return roots
  let shared = dirname(outside[0]?.[0] ?? '')
  while (outside.some(([root]) => !isInside(root, shared))) shared = dirname(shared)
  return roots.map((one) => (isOutside(one) ? [one[0], relative(shared, one[0]).replaceAll('\\', '/')] : one))
}

/** Hands the files out while they are found; no more of them wait than keeps everybody busy. */
async function examineAll(
  { crew, cache, progress, tell }: Pick<Following, 'crew' | 'cache' | 'progress' | 'tell'>,
  sources: readonly Iterable<FileReference>[],
): Promise<ExaminedFiles> {
  const examined = growingFiles()
  let met = 0
  let reused = 0
  const running = new Set<Promise<void>>()
  let batch: FileReference[] = []
  const handOut = () => {
    // A tree that is too large to be remembered is not even prepared to be.
    const remembering = met <= limits.scanCacheFilesMax ? cache : undefined
    const asked = batch
    const work = crew.files(asked, digestsOf(asked, remembering)).then((answers) => {
      for (const [i, answer] of answers.entries())
        examined.add({ ...reportOf(answer, cache), path: asked[i]?.path ?? answer.path })
      running.delete(work)
      tell({ examined: progress.examined + answers.length })
    })
    running.add(work)
    tell({ files: progress.files + batch.length })
    batch = []
  }
  for (const files of sources) {
    for (const file of files) {
      if (++met === limits.scanCacheFilesMax + 1) examined.forgetDigests()
      const known = file.isUnfollowed ? undefined : cache?.untouched(file)
      if (known) {
        examined.add(known)
        reused++
      } else batch.push(file)
      if (batch.length < limits.scanBatchFilesMax) continue
      handOut()
      if (running.size >= limits.scanBatchesMax) await Promise.race(running)
    }
  }
  if (batch.length > 0) handOut()
  await Promise.all(running)
  tell({ reused, files: met })
  return examined
}

function digestsOf(files: readonly FileReference[], cache: ScanCache | undefined): CachedDigests | undefined {
  if (!cache) return undefined
  const known = files.flatMap(({ path }) => {
    const digest = cache.earlier(path)?.digest
    return digest === undefined ? [] : [[path, digest] as const]
  })
  return { key: cache.key, known: new Map(known) }
}

function reportOf(answer: FileAnswer, cache: ScanCache | undefined): FileReport {
  if (answer.kind !== 'unchanged') return answer
  const { path, mode, stamp } = answer
  const earlier = cache?.earlier(path)
  return earlier ? { ...earlier, mode, stamp } : failedReport(path, 'no report')
}

interface Following {
  readonly crew: Crew
  readonly references: FileReferences
  readonly tree: Tree
  readonly catalogue: Catalogue
  readonly cache: ScanCache | undefined
  readonly progress: ScanProgress
  readonly tell: (changed: Partial<ScanProgress>) => void
}

/** Programs whose files are as they were have been followed before. */
function programsOf(following: Following): Examined['programs'] {
  const { crew, references, tree, catalogue, cache, progress, tell } = following
  return async (files, deployment) => {
    const starts = deployment.starts.map(({ file, ...start }) => ({ ...start, path: file.path }))
    const packed = packStarts({ starts })
    const digests = new Map(files.map(({ path, digest }) => [path, digest] as const))
    const started = deployment.starts.map(({ file }) => file.path)
    const around = cache?.digest([starts, started.map((path) => digests.get(path))]) ?? ''
    const whole = cache?.digest([around, tree.paths, [...digests.values()]]) ?? ''
    const known = cache?.whole(whole)
    if (cache && known) {
      // Files that were written again with the same content have other stamps now.
      if (files.some(({ path, stamp }) => stamp !== cache.earlier(path)?.stamp)) cache.renew(files, references)
      return known
    }
    const programs = new Map<string, ProgramReport>()
    const follow = async ({ folder, files: members }: ProgramFiles<ProgramMember>): Promise<ProgramReport> => {
      const digest = cache?.digest([around, folder, members.map(({ path }) => [path, digests.get(path)])]) ?? ''
      const known = cache?.program(digest)
      if (!known) tell({ programs: progress.programs + 1 })
      const report =
        known ??
        (await crew.program({
          folder,
          files: members,
          references: members.flatMap(({ path }) => references.get(path) ?? []),
          starts: packed,
        }))
      if (!known) tell({ followed: progress.followed + 1 })
      programs.set(digest, report)
      return report
    }
    const complete = cache ? await surveyedAgain(files, following, cache) : files
    const reports = await followAll(complete, tree, catalogue, follow)
    cache?.save({ files: complete, references, whole, reports, programs })
    return reports
  }
}

/** With every survey; what the cache has lost is examined again. */
async function surveyedAgain(
  files: readonly FileReport[],
  following: Following,
  cache: ScanCache,
): Promise<readonly FileReport[]> {
  const complete = cache.withSurveys(files)
  if (complete) return complete
  cache.forget()
  const again = await examineAll(following, [files.flatMap(({ path }) => following.references.get(path) ?? [])])
  return [...again.reports].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function take<Item>(items: Generator<Item>, number: number): readonly Item[] {
  const taken: Item[] = []
  for (let next = items.next(); !next.done; next = items.next()) {
    taken.push(next.value)
    if (taken.length >= number) break
  }
  return taken
}

function sizeOf(files: readonly FileReference[]): number {
  let size = 0
  for (const { at } of files) {
    try {
      size += lstatSync(Buffer.from(at)).size
    } catch {
      // Whoever reads it will say so.
    }
  }
  return size
}

/** The path to walk, and what the paths of its files begin with. */
export function rootOf(directory: string, given: string): [root: string, name: string] {
  const path = resolve(directory, given)
  try {
    return [path, nameOf(directory, path)]
  } catch (cause) {
    throw new SallyportError('FILE_UNREADABLE', `${given}: could not be read (${systemCode(cause)})`, { cause })
  }
}

function nameOf(directory: string, path: string): string {
  const isFile = statSync(path).isFile()
  const name = relative(directory, path)
  if (name === '') return ''
  if (!name.startsWith('..') && !isAbsolute(name)) return name.replaceAll('\\', '/')
  return isFile ? (path.split(/[\\/]/).at(-1) ?? '') : ''
}

function measuresOf(
  { kinds, lines }: ExaminedFiles,
  parsed: Readonly<Record<string, number>>,
  { ignored, excluded = 0, links = 0, foreign = [] }: WalkRecord,
): [string, string][] {
  const measured: [string, string][] = [
    ['files', String((kinds.get('text') ?? 0) + (kinds.get('large') ?? 0))],
    ['lines', String(lines)],
    ...Object.entries(parsed).map(([language, number]): [string, string] => [`${language} files`, String(number)]),
  ]
  const binary = kinds.get('binary') ?? 0
  if (ignored > 0) measured.push(['ignored by .gitignore', String(ignored)])
  if (excluded > 0) measured.push(['excluded by configuration', String(excluded)])
  if (links > 0) measured.push(['symbolic links, not followed', String(links)])
  if (foreign.length > 0) measured.push(['other people’s code, not read', shortened(foreign)])
  if (binary > 0) measured.push(['binary files, not read', String(binary)])
  return measured
}

function shortened(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
