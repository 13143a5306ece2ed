import { lstatSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isAbsolute, relative, resolve } from 'node:path'
import { SallyportError, systemCode } from '../errors.ts'
import type { Finding, SuppressedFinding } from '../finding/finding.ts'
import { limits } from '../limits.ts'
import { type Catalogue, loadCatalogue } from './catalogue.ts'
import type { FileReference } from './content.ts'
import type { FileReport } from './examine-file.ts'
import { joinHistory } from './history/join-history.ts'
import { joinSince } from './history/join-since.ts'
import { mergeFindings } from './merge-findings.ts'
import { openParsers } from './open-parsers.ts'
import { openTree } from './open-tree.ts'
import { diskReader } from './read-disk.ts'
import type { Rule } from './rule.ts'
import { type Examined, finishScan, modesOf } from './scan.ts'
import type { Tree } from './tree.ts'
import { type WalkOptions, type WalkRecord, walkFiles } from './walk-files.ts'
import { packDeployment } from './workers/hand.ts'
import { type Crew, crewOfOne, crewOfThreads } from './workers/open-crew.ts'

export interface PathsScan {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly rules: readonly Rule[]
  readonly measured: readonly (readonly [label: string, value: string])[]
  readonly gaps: readonly string[]
}

export interface ScanOptions extends WalkOptions {
  /** Number of threads; as many as there are cores where it is not said. */
  readonly jobs?: number
  /** Whether the git history is searched too, and in it what nothing leads to any more. */
  readonly history?: { readonly dangling: boolean }
  /** Only what changed since HEAD left this branch, tag or commit. */
  readonly since?: string
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
  const roots = paths.map((given) => rootOf(directory, given))
  const scanned = await scanTree(roots, options)
  const { history, since, jobs } = options
  if (since !== undefined) {
    const root = roots[0]?.[0] ?? directory
    const { findings, suppressed, measured, gaps } = joinSince({ directory, root, since, ...scanned })
    return {
      findings: mergeFindings(findings),
      suppressed,
      rules: scanned.rules,
      measured: [...scanned.measured, ...measured],
      gaps: [...scanned.gaps, ...gaps],
    }
  }
  if (!history) return scanned
  const { findings, measured, gaps } = await joinHistory({
    directory,
    roots: roots.map(([root]) => root),
    dangling: history.dangling,
    ...(jobs === undefined ? {} : { threads: jobs }),
    ...scanned,
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
  const record: WalkRecord = { gaps: [], ignored: 0 }
  const references = new Map<string, FileReference>()
  const found = walkAll(roots, record, options, references)
  const first = take(found, limits.scanAloneFilesMax + 1)
  const catalogue = await loadCatalogue()
  const isSmall = first.length <= limits.scanAloneFilesMax && sizeOf(first) <= limits.scanAloneBytesMax
  const crew =
    isSmall && options.jobs === undefined ? crewOfOne(catalogue) : crewOfThreads(options.jobs ?? availableParallelism())
  try {
    const files = await examineAll(crew, first, found)
    const parsers = openParsers()
    for (const { path, survey } of files) if (survey) await parsers.openFor(path)
    const tree = openTree(references, modesOf(files), diskReader, catalogue.mask, parsers)
    const result = await finishScan({ files, tree, now: new Date(), program: programOf(crew, references) }, catalogue)
    const { findings, suppressed, rules } = result
    const measured = measuresOf(files, result.lines, result.parsed, record)
    return { findings, suppressed, rules, measured, gaps: [...record.gaps, ...result.gaps], tree, catalogue }
  } finally {
    await crew.close()
  }
}

function* walkAll(
  roots: readonly (readonly [root: string, name: string])[],
  record: WalkRecord,
  options: WalkOptions,
  references: Map<string, FileReference>,
): Generator<FileReference> {
  for (const [root, name] of roots)
    for (const file of walkFiles(root, name, record, options)) {
      // The same file by two of the paths that were asked for.
      if (references.has(file.path)) continue
      references.set(file.path, file)
      yield file
    }
}

/** Hands the files out while they are found; no more of them wait than keeps everybody busy. */
async function examineAll(
  crew: Crew,
  first: readonly FileReference[],
  found: Generator<FileReference>,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = []
  const running = new Set<Promise<void>>()
  let batch: FileReference[] = []
  const handOut = () => {
    const work = crew.files(batch).then((done) => {
      reports.push(...done)
      running.delete(work)
    })
    running.add(work)
    batch = []
  }
  for (const files of [first, found]) {
    for (const file of files) {
      batch.push(file)
      if (batch.length < limits.scanBatchFilesMax) continue
      handOut()
      if (running.size >= limits.scanBatchesMax) await Promise.race(running)
    }
  }
  if (batch.length > 0) handOut()
  await Promise.all(running)
  return reports
}

function programOf(crew: Crew, references: ReadonlyMap<string, FileReference>): Examined['program'] {
  return ({ folder, files }, deployment) => {
    const paths = new Set([...files.map(({ path }) => path), ...deployment.starts.map(({ file }) => file.path)])
    return crew.program({
      folder,
      files,
      references: [...paths].flatMap((path) => references.get(path) ?? []),
      deployment: packDeployment(deployment),
    })
  }
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
function rootOf(directory: string, given: string): [root: string, name: string] {
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
  files: readonly FileReport[],
  lines: number,
  parsed: Readonly<Record<string, number>>,
  { ignored, excluded = 0 }: WalkRecord,
): [string, string][] {
  const measured: [string, string][] = [
    ['files', String(files.filter(({ kind }) => kind === 'text' || kind === 'large').length)],
    ['lines', String(lines)],
    ...Object.entries(parsed).map(([language, number]): [string, string] => [`${language} files`, String(number)]),
  ]
  const binary = files.filter(({ kind }) => kind === 'binary').length
  if (ignored > 0) measured.push(['ignored by .gitignore', String(ignored)])
  if (excluded > 0) measured.push(['excluded by configuration', String(excluded)])
  if (binary > 0) measured.push(['binary files, not read', String(binary)])
  return measured
}
