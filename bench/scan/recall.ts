import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadKinds } from '../../src/keys/load-kinds.ts'
import { randomText } from '../../src/keys/random.ts'
import { filesOf } from '../../test/leaks/start-leaking-app.ts'
import { type LabelledProgram, programIn } from '../../test/support/labelled-program.ts'
import { type CompareOptions, type Contender, runScanner } from './compare-scanners.ts'
import type { Reported } from './scanner.ts'

/** Programs of one sort, with what each leaks. */
export interface ProgramSet {
  readonly name: string
  readonly says: string
  readonly programs: readonly (LabelledProgram & { readonly name: string })[]
}

/** What one scanner reported of the sets, by their names. */
export interface RecallOfScanner {
  readonly name: string
  readonly version: string
  /** Labelled leaks that it reports. */
  readonly found: Readonly<Record<string, number>>
  /** All that it reports. */
  readonly reported: Readonly<Record<string, number>>
  /** `set/program/file:line rule` of each labelled leak that it does not report. */
  readonly missed: readonly string[]
  /** `set/program/file:line rule` of all that it reports in programs that leak nothing. */
  readonly wrong: readonly string[]
}

export interface Recall {
  readonly sets: readonly {
    readonly name: string
    readonly says: string
    readonly programs: number
    readonly leaks: number
  }[]
  readonly scanners: readonly RecallOfScanner[]
  readonly absent: readonly string[]
}

/** So many lines may lie between a leak's label and a report: some tell a statement's beginning, some the value's. */
const linesBetweenMax = 3

const tests = join(import.meta.dirname, '../../test')

/** Everything that the project has labelled. */
export async function labelledSets(): Promise<readonly ProgramSet[]> {
  return [
    { name: 'apps', says: 'apps that were run and seen to leak', programs: apps('leaky') },
    { name: 'programs', says: 'small programs that leak', programs: recallPrograms('leaking') },
    { name: 'literals', says: 'a key of each kind as a literal', programs: [await literals()] },
    { name: 'fixed', says: 'the apps’ fixed twins', programs: apps('fixed') },
    { name: 'clean', says: 'small programs that only look as if', programs: recallPrograms('clean') },
  ]
}

function apps(twin: 'leaky' | 'fixed'): ProgramSet['programs'] {
  const folder = join(tests, 'leaks')
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      files: filesOf(join(folder, name, twin)),
      expected:
        twin === 'leaky'
          ? readFileSync(join(folder, name, 'expected.txt'), 'utf8')
              .split('\n')
              .filter(Boolean)
          : [],
    }))
}

function recallPrograms(sort: 'leaking' | 'clean'): ProgramSet['programs'] {
  const folder = join(tests, 'recall', sort)
  return readdirSync(folder).map((name) => ({ name, ...programIn(join(folder, name), name) }))
}

/** Worthless keys, under names that do not say what they are. */
async function literals(): Promise<ProgramSet['programs'][number]> {
  const random = randomText()
  const kinds = (await loadKinds()).filter(({ shape }) => shape)
  const lines: string[] = []
  const expected: string[] = []
  for (const [index, { id, example }] of kinds.entries()) {
    expected.push(`literals.rb:${lines.length + 1} ${id}`)
    lines.push(...`VALUE_${index} = '${example(random)}'.freeze`.split('\n'))
    // The next one is further away than a report may be from its label.
    lines.push(...Array.from({ length: linesBetweenMax * 2 }, () => ''))
  }
  return { name: 'literals', files: [{ path: 'literals.rb', text: lines.join('\n') }], expected }
}

/** Whether one of the reports is at the leak that `label` (`file:line rule`) tells. */
export function isReported(label: string, reports: readonly Reported[]): boolean {
  const [, file, line] = /^(.+):(\d+) /.exec(label) ?? []
  return reports.some((report) => report.file === file && Math.abs(report.line - Number(line)) <= linesBetweenMax)
}

/** Each scanner on all sets. */
export async function measureRecall(
  sets: readonly ProgramSet[],
  contenders: readonly Contender[],
  options: Pick<CompareOptions, 'prefix' | 'directory' | 'limitSeconds' | 'say'>,
): Promise<Recall> {
  const folder = join(options.directory, 'programs')
  for (const { name: set, programs } of sets)
    for (const { name, files } of programs)
      for (const { path, text } of files) write(join(folder, set, name, path), text)
  const scanners: RecallOfScanner[] = []
  for (const contender of contenders) {
    const reports = await reportsOf(contender, folder, sets, options)
    scanners.push(judge(contender, sets, reports))
  }
  return {
    sets: sets.map(({ name, says, programs }) => ({
      name,
      says,
      programs: programs.length,
      leaks: programs.reduce((sum, { expected }) => sum + expected.length, 0),
    })),
    scanners,
    absent: [],
  }
}

type Reports = ReadonlyMap<string, readonly Reported[]>

/** By `set/program`, files relative to the program. */
async function reportsOf(
  contender: Contender,
  folder: string,
  sets: readonly ProgramSet[],
  options: Pick<CompareOptions, 'prefix' | 'directory' | 'limitSeconds' | 'say'>,
): Promise<Reports> {
  const places = sets.flatMap(({ name: set, programs }) => programs.map(({ name }) => `${set}/${name}`))
  const scan = async (place: string): Promise<readonly Reported[]> => {
    options.say(`scan-recall: ${contender.name}: ${place || 'all programs'}`)
    const assignment = {
      folder: join(folder, place),
      reading: 'code',
      home: contender.home,
      report: join(options.directory, `${contender.name}.report`),
    } as const
    const { status } = await runScanner(contender, assignment, options)
    if (status === undefined) throw new Error(`${contender.name} was not done with ${place} in time`)
    return contender.scanner.parse(readFileSync(assignment.report, 'utf8'), assignment)
  }
  const reports = new Map<string, readonly Reported[]>()
  if (contender.scanner.joinsFiles) {
    for (const place of places) reports.set(place, await scan(place))
    return reports
  }
  const all = await scan('')
  for (const place of places)
    reports.set(
      place,
      all
        .filter(({ file }) => file.startsWith(`${place}/`))
        .map((report) => ({ ...report, file: report.file.slice(place.length + 1) })),
    )
  return reports
}

function judge({ name, version }: Contender, sets: readonly ProgramSet[], reports: Reports): RecallOfScanner {
  const found: Record<string, number> = {}
  const reported: Record<string, number> = {}
  const missed: string[] = []
  const wrong: string[] = []
  for (const { name: set, programs } of sets) {
    found[set] = 0
    reported[set] = 0
    for (const program of programs) {
      const place = `${set}/${program.name}`
      const own = reports.get(place) ?? []
      const notFound = program.expected.filter((label) => !isReported(label, own))
      found[set] += program.expected.length - notFound.length
      reported[set] += own.length
      missed.push(...notFound.map((label) => `${place}/${label}`))
      if (program.expected.length === 0)
        wrong.push(...own.map(({ file, line, rule }) => `${place}/${file}:${line} ${rule}`))
    }
  }
  return { name, version, found, reported, missed, wrong }
}

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
