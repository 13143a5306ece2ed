import { limits } from '../../limits.ts'
import type { Model } from '../model.ts'
import { modelPart } from './apply-model.ts'
import { callPart } from './calls.ts'
import { cellPart } from './cell-access.ts'
import { checkPart } from './checks.ts'
import { classPart } from './class-objects.ts'
import { whereInWords } from './environments.ts'
import { expressionPart } from './expressions.ts'
import { type Flow, newFlowRecord } from './flow-record.ts'
import { frameworkPart } from './framework-calls.ts'
import { harmlessCall } from './harmless-call.ts'
import { indexModels, type ModelIndex } from './index-models.ts'
import { invokePart } from './invoke.ts'
import { newNeeds } from './needs.ts'
import { notePart } from './notes.ts'
import type { Program } from './program.ts'
import { cellsOf, type Knowledge, newReads, type Run } from './run.ts'
import { runRoot } from './run-root.ts'
import { sinkPart } from './sinks.ts'
import { sourcePart } from './sources.ts'
import { findTemplates } from './templates.ts'
import { newUnits } from './units.ts'

export interface Followed {
  readonly flows: readonly Flow[]
  /** What was left out, a sentence each. */
  readonly gaps: readonly string[]
}

/**
 * Follows keys, exceptions and inputs through a program by running its code on what is known of its values: every
 * branch, every function with the arguments of every call, until nothing new is learned. Only the code is run
 * that reads something worth following, and then whatever what was learned there may reach; of a program of at most
 * `wholeFilesMax` files all of it, which the tests hold that against. The same program always gives the same flows, whatever the order of its files.
 */
export function follow(program: Program, models: readonly Model[], knowledge: Knowledge, wholeFilesMax = 0): Followed {
  const run = newRun(program, models, knowledge)
  const needs = newNeeds(run, models, program.files.length <= wholeFilesMax)
  const gaps = new Set<string>()
  const { state } = run
  for (let round = 0; round < limits.scanRoundsMax; round++) {
    const roots = needs.next()
    if (roots.length === 0) break
    for (const root of roots) {
      if (state.steps > limits.scanStepsMax) break
      const began = state.clock
      state.reads = newReads()
      state.leftOut = false
      state.touched = false
      const gap = runRoot(run, root)
      if (gap !== undefined) gaps.add(gap)
      needs.ran(root, cellsOf(state.reads), began)
    }
    if (state.steps > limits.scanStepsMax) break
  }
  if (state.steps > limits.scanStepsMax || needs.isLimited())
    gaps.add('the program is larger than what is followed: some paths may be missing')
  const flows = run.record.flows().map((flow): Flow => {
    const holds = whereInWords(flow.where)
    return holds === undefined ? flow : { ...flow, holds }
  })
  return { flows, gaps: [...gaps] }
}

const indexes = new WeakMap<readonly Model[], ModelIndex>()

/** The same models for every program. */
function indexOf(models: readonly Model[]): ModelIndex {
  const index = indexes.get(models) ?? indexModels(models)
  indexes.set(models, index)
  return index
}

function newRun(program: Program, models: readonly Model[], knowledge: Knowledge): Run {
  const index = indexOf(models)
  const shared = {
    program,
    index,
    units: newUnits(program, harmlessCall(index, knowledge)),
    templates: findTemplates(program),
    record: newFlowRecord(),
    knowledge,
    prefixes: knowledge.kinds.flatMap((kind) => (kind.shape?.prefixes ?? []).map((prefix) => ({ kind, prefix }))),
    results: new Map(),
    active: new Map(),
    teaching: new Set(),
    told: new Set(),
    toldNames: new Set(),
    changed: new Set(),
    wanted: new Set(),
    state: {
      steps: 0,
      stepsMax: 0,
      clock: 1,
      cut: false,
      lost: false,
      leftOut: false,
      plainDepthMax: 0,
      isApp: false,
      touched: false,
      isTrial: false,
      taughtAt: 0,
      bounds: 0,
      changedSelf: false,
      reads: newReads(),
    },
  }
  // The parts call each other through the run, which is whole before any of them is called.
  const run = shared as unknown as Run
  return Object.assign(
    run,
    notePart(run),
    cellPart(run),
    checkPart(run),
    expressionPart(run),
    callPart(run),
    invokePart(run),
    classPart(run),
    sourcePart(run),
    sinkPart(run),
    modelPart(run),
    frameworkPart(run),
  )
}
