import type { Finding, SuppressedFinding } from '../finding/finding.ts'
import { type Allowance, applyAllows } from './allow/apply-allows.ts'
import { type Catalogue, loadCatalogue } from './catalogue.ts'
import { type Content, contentOf, type Reader } from './content.ts'
import { examineFile, type FileReport } from './examine-file.ts'
import { examineProgram, type ProgramReport } from './examine-program.ts'
import { examineTree } from './examine-tree.ts'
import { type ExaminedFiles, growingFiles } from './examined-files.ts'
import { type LinkedFile, type ProgramFiles, partition } from './flow/partition.ts'
import type { Survey } from './language.ts'
import { isRoot } from './languages/languages.ts'
import { mergeFindings } from './merge-findings.ts'
import type { Model } from './model.ts'
import { openParsers } from './open-parsers.ts'
import { openTree } from './open-tree.ts'
import type { Rule } from './rule.ts'
import { type WithinTime, withoutWatch } from './run-steps.ts'
import type { Deployment } from './servers/deployment.ts'
import { readDeployment } from './servers/read-deployment.ts'
import { allTopics, type Topics } from './topics.ts'
import type { Tree } from './tree.ts'

/** A file to look at: its path as findings name it, and what is in it; permission bits where they are known. */
export interface ScanInput {
  readonly path: string
  readonly text: string | Uint8Array
  readonly mode?: number
}

export interface Scan {
  /** Sorted by file, line, column and rule. */
  readonly findings: readonly Finding[]
  /** What comments allow. */
  readonly suppressed: readonly SuppressedFinding[]
  readonly rules: readonly Rule[]
  /** Number of files by language. */
  readonly parsed: Readonly<Record<string, number>>
  readonly lines: number
  readonly gaps: readonly string[]
}

/** A file of a program that is not followed yet. */
export interface ProgramMember extends LinkedFile {
  readonly path: string
  readonly survey: Survey
  readonly holdsKey: boolean
  readonly topics: Topics
}

/** What finishing a scan needs. */
export interface Examined {
  readonly files: ExaminedFiles
  readonly tree: Tree
  readonly now: Date
  readonly withinTime?: WithinTime
  /** `files` are the reports, sorted. */
  programs(files: readonly FileReport[], deployment: Deployment): Promise<readonly ProgramReport[]>
}

/**
 * Looks for keys and their leaks in a set of files. Pure: reads no file, opens no connection, runs nothing; the same
 * files give the same findings at the same time `now`. Never throws for what a file holds.
 */
export async function scan(inputs: readonly ScanInput[], now = new Date()): Promise<Scan> {
  const catalogue = await loadCatalogue()
  const parsers = openParsers()
  const contents = new Map(inputs.map(({ path, text, mode }) => [path, given(text, mode)] as const))
  const reader: Reader = {
    content: ({ path }) => contents.get(path) ?? { kind: 'unread', why: 'is not there', mode: undefined },
    windows: () => [],
  }
  const references = new Map(inputs.map(({ path }) => [path, { path, at: path }] as const))
  const files = growingFiles()
  for (const reference of references.values()) files.add(await examineFile(reference, reader, catalogue, parsers))
  const tree = openTree(references, files.known, reader, catalogue.mask, parsers)
  return finishScan(
    {
      files,
      tree,
      now,
      programs: (sorted, deployment) =>
        followAll(sorted, tree, catalogue, async (program) => examineProgram(program, tree, deployment, catalogue)),
    },
    catalogue,
  )
}

/** From what is known of each file to what is known of the whole; the same whatever order the files came in. */
export async function finishScan(examined: Examined, catalogue: Catalogue): Promise<Scan> {
  const { tree, now, withinTime = withoutWatch } = examined
  const files = [...examined.files.reports].sort((a, b) => (a.path < b.path ? -1 : 1))
  const deployment = await readDeployment(tree, withinTime)
  const reports = await examined.programs(files, deployment)
  const whole = await examineTree({ tree, deployment, now }, reports, catalogue, withinTime)
  const findings = [...reports, whole, ...files].flatMap((report) => report.findings)
  const parsed: Record<string, number> = {}
  for (const { language } of files) if (language !== undefined) parsed[language] = (parsed[language] ?? 0) + 1
  return {
    ...applyAllows(mergeFindings(findings), allowancesIn(files)),
    rules: catalogue.rules,
    parsed,
    lines: examined.files.lines,
    gaps: [...files, { gaps: deployment.gaps }, ...reports, whole].flatMap(({ gaps }) => gaps),
  }
}

/**
 * Follows each program of the tree. The results are in the order of the programs; the largest is begun first, so that
 * nobody waits for it at the end.
 */
export async function followAll(
  files: readonly FileReport[],
  tree: Tree,
  { models }: Catalogue,
  follow: (program: ProgramFiles<ProgramMember>) => Promise<ProgramReport>,
): Promise<readonly ProgramReport[]> {
  const programs = partition(membersOf(files, models), tree.paths, isRoot)
  const begun = new Map<ProgramFiles<ProgramMember>, Promise<ProgramReport>>()
  const bySize = [...programs].sort((a, b) => b.files.length - a.files.length)
  for (const program of bySize) begun.set(program, follow(program))
  return Promise.all(programs.flatMap((program) => begun.get(program) ?? []))
}

function allowancesIn(files: readonly FileReport[]): ReadonlyMap<string, readonly Allowance[]> {
  return new Map(files.flatMap(({ path, allowances }) => (allowances.length > 0 ? [[path, allowances] as const] : [])))
}

function membersOf(files: readonly FileReport[], models: readonly Model[]): ProgramMember[] {
  const required = new Set(models.flatMap(({ framework }) => framework?.requires ?? []))
  return files.flatMap(({ path, survey, holdsKey = false, topics = allTopics }) => {
    if (!survey) return []
    const { loads, loadsUnknown } = survey
    const isEntry = loads.some((load) => required.has(load))
    return [{ path, survey, holdsKey, topics, loads, loadsUnknown, isEntry }]
  })
}

function given(text: string | Uint8Array, mode: number | undefined): Content {
  if (typeof text !== 'string') return contentOf(text, mode)
  const bytes = Buffer.from(text)
  return { kind: 'text', bytes, size: bytes.length, mode }
}
