import type { Expression } from '../form.ts'
import type { Model } from '../model.ts'
import type { SourceFile } from '../source-file.ts'
import { modelPart } from './apply-model.ts'
import { callPart } from './calls.ts'
import { cellPart } from './cell-access.ts'
import { expressionPart } from './expressions.ts'
import { type Flow, newFlowRecord } from './flow-record.ts'
import { newFrame } from './frame.ts'
import { frameworkPart } from './framework-calls.ts'
import { indexModels } from './index-models.ts'
import { invokePart } from './invoke.ts'
import { notePart } from './notes.ts'
import type { Method, Program } from './program.ts'
import type { Knowledge, Run } from './run.ts'
import { rackTails } from './tails.ts'
import { nothing } from './value.ts'

export interface Followed {
  readonly flows: readonly Flow[]
  /** What was left out, a sentence each. */
  readonly gaps: readonly string[]
}

/** Bounds: what is beyond them is said in the gaps. */
const roundsMax = 5
/** Evaluations for each expression of the program: small programs need a few dozen. */
const stepsEachMax = 25
const stepsMin = 3_000_000

/**
 * Follows keys, exceptions and inputs through a program by running it on what is known of its values: every branch,
 * every function with the arguments of every call, until nothing new is learned. Files in the order of their paths; the
 * same program always gives the same flows.
 */
export function follow(program: Program, models: readonly Model[], knowledge: Knowledge): Followed {
  const run = newRun(program, models, knowledge)
  const gaps = new Set<string | undefined>()
  for (let round = 0; round < roundsMax; round++) {
    run.state.cellsChanged = false
    run.record.clear()
    run.results.clear()
    for (const file of program.files) gaps.add(runFile(run, file.source, file.program))
    for (const method of program.methods) gaps.add(runMethod(run, method))
    if (!run.state.cellsChanged || run.state.steps > run.stepsMax) break
  }
  if (run.state.steps > run.stepsMax) gaps.add('the program is larger than what is followed: some paths may be missing')
  return { flows: run.record.flows(), gaps: [...gaps].filter((gap) => gap !== undefined) }
}

function newRun(program: Program, models: readonly Model[], knowledge: Knowledge): Run {
  const { framework } = program
  const shared = {
    program,
    framework,
    index: indexModels(models),
    record: newFlowRecord(),
    knowledge,
    prefixes: knowledge.kinds.flatMap((kind) => (kind.shape?.prefixes ?? []).map((prefix) => ({ kind, prefix }))),
    cells: new Map(),
    constantsByLastName: new Map(),
    results: new Map(),
    active: new Map(),
    state: { cellsChanged: false, steps: 0 },
    stepsMax: Math.max(stepsMin, stepsEachMax * program.size),
  }
  // The parts call each other through the run, which is whole before any of them is called.
  const run = shared as unknown as Run
  return Object.assign(
    run,
    notePart(run),
    cellPart(run),
    expressionPart(run),
    callPart(run),
    invokePart(run),
    modelPart(run),
    frameworkPart(run),
  )
}

function runFile(run: Run, source: SourceFile, expression: Expression): string | undefined {
  return guarded(run, source, () =>
    run.evaluate(expression, newFrame({ file: source, owner: '', onScope: true, context: '' })),
  )
}

function runMethod(run: Run, method: Method): string | undefined {
  const { file, owner, closure } = method
  const isApp = run.index.answers(method.name, closure.params.length)
  const context = owner === '' ? method.name : `${owner}${method.on === 'scope' ? '.' : '#'}${method.name}`
  return guarded(run, file, () => {
    const frame = newFrame({
      file,
      owner,
      onScope: method.on === 'scope',
      context,
      method,
      ...(isApp ? { tails: rackTails(closure) } : {}),
    })
    for (const param of closure.params)
      if (param.name)
        frame.variables.own.set(param.name, param.fallback ? run.evaluate(param.fallback, frame) : nothing)
    if (isApp) frame.variables.own.set(closure.params[0]?.name ?? '', { labels: [], type: 'request environment' })
    run.evaluate(closure.body, frame)
  })
}

function guarded(run: Run, source: SourceFile, work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    run.active.clear()
    return `${source.path}: nested too deeply to follow`
  }
}
