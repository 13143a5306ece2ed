import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Spread, spread } from '../statistics.ts'
import { type Run, runOnce } from './measure.ts'
import type { Assignment, Reported } from './scanner.ts'
import { cacheIn } from './scanners/sallyport.ts'
import type { FoundScanner } from './scanners.ts'
import type { Tree } from './trees.ts'

/** A scanner that takes part, and what is done before each of its runs. */
export interface Contender extends FoundScanner {
  readonly name: string
  /** Kept between its runs. Two contenders may share one: the second then finds what the first has left. */
  readonly home: string
  before?(): void
}

/** What was measured of one scanner on one tree. */
export interface Measured {
  readonly name: string
  readonly version: string
  readonly wallMs: Spread
  readonly cpuMs: Spread
  readonly peakMiB: Spread
  /** Over the first contender's in the same round. */
  readonly wallRatio: Spread
  readonly cpuRatio: Spread
  readonly peakRatio: Spread
  /** What it reports, in the first round. */
  readonly reported: number
  /** Taken from all rounds: it was ended in one of them, at the limit, and did not take part again. */
  readonly isOverLimit: boolean
}

export interface Comparison {
  readonly tree: Tree
  readonly rounds: number
  readonly limitSeconds: number
  readonly scanners: readonly Measured[]
  /** A sentence for each scanner that does not look through such trees. */
  readonly absent: readonly string[]
}

export interface CompareOptions {
  readonly rounds: number
  /** Of one run. */
  readonly limitSeconds: number
  /** What each command begins with. */
  readonly prefix: readonly string[]
  /** For reports. */
  readonly directory: string
  /** Where progress is told. */
  say(text: string): void
}

/**
 * Sallyport cold, its cache removed before each run, and then on the tree that has not changed since; after that the
 * others.
 */
export function contendersOf(ours: FoundScanner, others: readonly FoundScanner[], directory: string): Contender[] {
  const home = homeIn(directory, ours.scanner.name)
  return [
    {
      ...ours,
      name: 'sallyport',
      home,
      before: () => rmSync(cacheIn(home), { recursive: true, force: true }),
    },
    { ...ours, name: 'unchanged', home },
    ...others.map((found) => ({ ...found, name: found.scanner.name, home: homeIn(directory, found.scanner.name) })),
  ]
}

function homeIn(directory: string, name: string): string {
  const home = join(directory, `home-${name}`)
  mkdirSync(home, { recursive: true })
  return home
}

/** All in turn, round after round, so that whatever else the machine does falls on each of them. */
export async function compareScanners(
  tree: Tree,
  contenders: readonly Contender[],
  options: CompareOptions,
): Promise<Comparison> {
  const takingPart = contenders.filter(({ scanner }) => scanner.readings.includes(tree.reading))
  const runs = new Map<Contender, Run[]>()
  const reported = new Map<Contender, readonly Reported[]>()
  for (let round = 1; round <= options.rounds; round++) {
    for (const contender of takingPart) {
      const before = runs.get(contender) ?? []
      if (before.some(isOver)) continue
      options.say(`${tree.says}: ${contender.name}, round ${round} of ${options.rounds}`)
      const assignment = assignmentOf(contender, tree, options)
      const run = await runScanner(contender, assignment, options)
      runs.set(contender, [...before, run])
      if (round === 1 && !isOver(run))
        reported.set(contender, contender.scanner.parse(readFileSync(assignment.report, 'utf8'), assignment))
    }
  }
  const [first] = takingPart
  return {
    tree,
    rounds: options.rounds,
    limitSeconds: options.limitSeconds,
    scanners: takingPart.map((contender) =>
      summarize(contender, runs.get(contender) ?? [], (first && runs.get(first)) ?? [], reported.get(contender) ?? []),
    ),
    absent: contenders
      .filter((contender) => !takingPart.includes(contender))
      .map(({ name }) => `${name} takes no part: it does not look through ${readingText[tree.reading]}`),
  }
}

const readingText = { code: 'code', text: 'text that is no code', history: 'a history' } as const

function isOver({ status }: Run): boolean {
  return status === undefined
}

function assignmentOf({ name, home }: Contender, { folder, reading }: Tree, { directory }: CompareOptions): Assignment {
  return { folder, reading, home, report: join(directory, `${name}.report`) }
}

/** One run. Throws where the scanner could not do its work: one that gives up quickly must not look fast. */
export async function runScanner(
  contender: Contender,
  assignment: Assignment,
  { prefix, directory, limitSeconds }: Pick<CompareOptions, 'prefix' | 'directory' | 'limitSeconds'>,
): Promise<Run> {
  const { scanner, program, name } = contender
  rmSync(assignment.report, { force: true })
  const command = [...prefix, ...scanner.command(program, assignment)]
  contender.before?.()
  const writesItself = command.some((word) => word.endsWith(assignment.report))
  const errors = join(directory, `${name}.errors`)
  const run = await runOnce(command, {
    // Some name files relative to where they were started.
    directory: assignment.folder,
    environment: {
      PATH: process.env.PATH ?? '',
      HOME: assignment.home,
      LANG: 'C.UTF-8',
      ...scanner.environment?.(assignment.home),
    },
    output: writesItself ? join(directory, `${name}.output`) : assignment.report,
    errors,
    limitMs: limitSeconds * 1000,
  })
  if (run.status !== undefined && !scanner.doneWith.includes(run.status))
    throw new Error(`${name} ended with ${run.status}\n${readFileSync(errors, 'utf8').slice(-2000)}`)
  return run
}

function summarize(
  { name, version }: Contender,
  runs: readonly Run[],
  yardstick: readonly Run[],
  reported: readonly Reported[],
): Measured {
  const of = (value: (run: Run) => number) => spread(runs.map(value))
  const over = (value: (run: Run) => number) =>
    spread(runs.map((run, round) => value(run) / value(yardstick[round] ?? run)))
  return {
    name,
    version,
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    peakMiB: of(({ peakMiB }) => peakMiB),
    wallRatio: over(({ wallMs }) => wallMs),
    cpuRatio: over(({ cpuMs }) => cpuMs),
    peakRatio: over(({ peakMiB }) => peakMiB),
    reported: reported.length,
    isOverLimit: runs.some(isOver),
  }
}
