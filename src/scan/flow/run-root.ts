import { limits } from '../../limits.ts'
import type { Closure, Expression } from '../form.ts'
import type { Framework } from '../model.ts'
import { isAppFunction } from './app-function.ts'
import { folderOf } from './folder-of.ts'
import { type Frame, newFrame } from './frame.ts'
import type { Run } from './run.ts'
import { tailsOf } from './tails.ts'
import type { Root } from './units.ts'
import { isSecret, joinValues, leadsToSecrets, nothing, type Value } from './value.ts'

/** Runs a piece of code by itself, on arguments of which nothing is known; a gap where it could not be run to its end. */
export function runRoot(run: Run, root: Root): string | undefined {
  const { state } = run
  const before = state.steps
  state.stepsMax = before + limits.scanRootStepsMax
  state.plainDepthMax = Number.isFinite(root.distance) ? limits.scanPlainDepthMax : 0
  state.isApp = root.isApp
  state.lost = false
  root.ran = true
  const { path } = root.unit.file
  try {
    const code = run.units.codeOf(root)
    if (code && root.method?.on === 'template') runTemplate(run, root, code.body)
    else if (code?.closure && root.method) runFunction(run, root, code.closure, root.method.name)
    else if (code) run.evaluate(code.body, topFrame(run, root))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    run.active.clear()
    return `${path}: nested too deeply to follow`
  }
  if (state.steps > state.stepsMax) return `${path}: more ways through it than are followed`
  return state.lost ? `${path}: hands a secret on through more calls than are followed` : undefined
}

function topFrame(run: Run, { unit }: Root): Frame {
  const { file, source } = unit
  const framework = run.program.frameworkOf('') ?? (file.isTemplate ? run.program.frameworks[0] : undefined)
  if (!file.isTemplate) return newFrame({ file: source, owner: '', onScope: true, context: '', framework })
  const output = { labels: [], isAnswer: true }
  return newFrame({ file: source, owner: '', onScope: false, context: 'The template', framework, output })
}

/** A template behind the code, which nobody may name; a text is one only where it is used as one. */
function runTemplate(run: Run, { unit, method }: Root, body: Expression): void {
  const [framework] = run.program.frameworks
  if (!framework || method?.name.includes('<%')) return
  const output = { labels: [], isAnswer: true }
  run.evaluate(
    body,
    newFrame({ file: unit.source, owner: '', onScope: false, context: 'The template', framework, output }),
  )
}

function runFunction(run: Run, root: Root, closure: Closure, name: string): void {
  const { unit, owner, method } = root
  const { program, index } = run
  const onScope = method?.on === 'scope'
  const framework = program.frameworkOf(owner)
  const action = onScope ? undefined : actionOf(run, owner, name)
  const isApp = isAppFunction(index, program, owner, name, closure)
  const raised = { labels: [] }
  const frame = newFrame({
    file: unit.source,
    owner,
    onScope,
    context: owner === '' ? name : `${owner}${onScope ? '.' : '#'}${name}`,
    framework,
    method,
    raised,
    tails: isApp || action?.answersWithValue ? tailsOf(closure.body) : undefined,
    answersInThree: isApp,
  })
  const isExtension = onScope && framework?.extensions?.includes(name) === true
  const takes = isExtension ? ['settings'] : isApp ? ['request environment'] : (action?.takes ?? [])
  for (const [position, { name: param, fallback }] of closure.params.entries()) {
    const type = takes[position]
    const value: Value = type === undefined ? nothing : { labels: [], type, fields: new Map() }
    if (param) frame.variables.own.set(param, fallback && type === undefined ? run.evaluate(fallback, frame) : value)
  }
  const value = joinValues(run.evaluate(closure.body, frame), frame.returns.value)
  const isLeading = (given: Value) => leadsToSecrets(given, index.leadsToSecrets)
  if (method && (frame.raised.labels.some(isSecret) || isLeading(value) || keepsIn(run, root, isLeading)))
    run.teaching.add(method)
  if (action?.renders) run.renderTemplate(`${folderOf(owner)}/${name}`, undefined, closure, frame)
}

/** What makes an object gives what it has kept in it, whatever it does last. */
function keepsIn(run: Run, { method, owner, writes }: Root, isLeading: (value: Value) => boolean): boolean {
  if (method?.name !== 'new') return false
  return [...writes].some((name) => {
    const { value } = run.cell('instance', owner, name)
    return value !== undefined && isLeading(value)
  })
}

/** How the function answers requests, where it is one of a controller's. */
function actionOf(run: Run, owner: string, name: string): Framework['actions'] | undefined {
  const { actions } = run.program.surelyFrameworkOf(owner) ?? {}
  if (!actions || (name === 'new' && actions.names === 'every')) return actions?.names === 'every' ? actions : undefined
  return actions.names === 'every' || actions.names.includes(name) ? actions : undefined
}
