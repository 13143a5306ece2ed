import { type KeyKind, keyAt } from '../../keys/kind.ts'
import type { Attempt, Branch, Call, Closure, Expression, Throw, Variable } from '../form.ts'
import type { CallModel, Model } from '../model.ts'
import type { SecretNames } from '../secret-name.ts'
import type { SourceFile } from '../source-file.ts'
import { type Flow, newFlowRecord } from './flow-record.ts'
import { indexModels } from './index-models.ts'
import { isMasking, isShortSlice } from './masks.ts'
import { joinName, lastName, type Method, type Program } from './program.ts'
import { keyText, makeRecord, recordClass } from './records.ts'
import { rackTails, tailsOf } from './tails.ts'
import { keysPutInUrl, readsAsUrl, reportedUrl } from './urls.ts'
import {
  addField,
  type BoundClosure,
  entryLabels,
  fieldOf,
  joinLabels,
  joinValues,
  type Label,
  nothing,
  shapeOf,
  shownLabels,
  type Trace,
  type Value,
  valueKey,
} from './value.ts'
import { readLocal, type Variables, writeLocal } from './variables.ts'

const closureCalls = new Set(['call', '()', 'yield', '===', '[]'])

export interface Followed {
  readonly flows: readonly Flow[]
  /** What was left out, a sentence each. */
  readonly gaps: readonly string[]
}

/** Bounds: what is beyond them is said in the gaps. */
const roundsMax = 5
const callDepthMax = 14
/** Evaluations for each expression of the program: small programs need a few dozen. */
const stepsEachMax = 25
const stepsMin = 3_000_000
const itemsMax = 16
const fieldsCopiedMax = 64

/** What code runs with. */
interface Frame {
  readonly file: SourceFile
  /** The class whose code it is; '' at the top level. */
  readonly owner: string
  /** Whether `self` is the class itself and not an instance of it. */
  readonly onScope: boolean
  readonly context: string
  readonly variables: Variables
  readonly block: Value | undefined
  readonly method: Method | undefined
  readonly depth: number
  /** What leaves the function other than at its end. */
  readonly returns: { value: Value }
  /** What is raised and not yet caught. */
  readonly raised: { labels: readonly Label[] }
  /** Set in code whose value is an answer: the expressions that can be the last. */
  readonly tails: ReadonlySet<Expression> | undefined
}

interface Result {
  readonly value: Value
  readonly raised: readonly Label[]
}

/**
 * Follows keys, exceptions and inputs through a program by running it on what is known of its values: every branch,
 * every function with the arguments of every call, until nothing new is learned. Files in the order of their paths; the
 * same program always gives the same flows.
 */
export function follow(
  program: Program,
  models: readonly Model[],
  knowledge: { readonly kinds: readonly KeyKind[]; readonly isSecretName: SecretNames },
): Followed {
  const { framework } = program
  const index = indexModels(models)
  const prefixes = knowledge.kinds.flatMap((kind) => (kind.shape?.prefixes ?? []).map((prefix) => ({ kind, prefix })))

  /** Variables that outlive a call: constants, settings, instance, class and global variables. */
  const cells = new Map<string, Value>()
  const constantsByLastName = new Map<string, Set<string>>()
  let cellsChanged = false
  const record = newFlowRecord()
  /** Of each function, by whose code it runs as, and by its arguments. */
  const results = new Map<number, Map<string, Map<string, Result>>>()
  const active = new Map<Closure, number>()
  const gaps = new Set<string>()
  const stepsMax = Math.max(stepsMin, stepsEachMax * program.size)
  let steps = 0

  for (let round = 0; round < roundsMax; round++) {
    cellsChanged = false
    record.clear()
    results.clear()
    for (const file of program.files) runFile(file.source, file.program)
    for (const method of program.methods) runMethod(method)
    if (!cellsChanged || steps > stepsMax) break
  }
  if (steps > stepsMax) gaps.add('the program is larger than what is followed: some paths may be missing')
  return { flows: record.flows(), gaps: [...gaps] }

  function runFile(source: SourceFile, expression: Expression): void {
    guarded(source, () => evaluate(expression, newFrame({ file: source, owner: '', onScope: true, context: '' })))
  }

  /** Every function is also run as if called from outside, so that one that nobody calls is looked at too. */
  function runMethod(method: Method): void {
    const { file, owner, closure } = method
    const isRack = method.name === 'call' && closure.params.length === 1
    const context = owner === '' ? method.name : `${owner}${method.on === 'scope' ? '.' : '#'}${method.name}`
    guarded(file, () => {
      const frame = newFrame({
        file,
        owner,
        onScope: method.on === 'scope',
        context,
        method,
        ...(isRack ? { tails: rackTails(closure) } : {}),
      })
      for (const param of closure.params)
        if (param.name) frame.variables.own.set(param.name, param.fallback ? evaluate(param.fallback, frame) : nothing)
      if (isRack) frame.variables.own.set(closure.params[0]?.name ?? '', { labels: [], type: 'rack environment' })
      evaluate(closure.body, frame)
    })
  }

  function guarded(source: SourceFile, run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      active.clear()
      gaps.add(`${source.path}: nested too deeply to follow`)
    }
  }

  function newFrame(given: Partial<Frame> & Pick<Frame, 'file' | 'owner' | 'onScope' | 'context'>): Frame {
    return {
      variables: { own: new Map(), outer: undefined },
      block: undefined,
      method: undefined,
      depth: 0,
      returns: { value: nothing },
      raised: { labels: [] },
      tails: undefined,
      ...given,
    }
  }

  function evaluate(expression: Expression, frame: Frame): Value {
    if (++steps > stepsMax) return nothing
    const value = evaluateKind(expression, frame)
    if (frame.tails?.has(expression)) answer(value, expression, frame)
    return value
  }

  function evaluateKind(expression: Expression, frame: Frame): Value {
    switch (expression.kind) {
      case 'text':
        return textValue(expression.value, expression, frame)
      case 'constant':
        return nothing
      case 'join':
        return joinParts(expression.parts, expression, frame)
      case 'list': {
        const fields = new Map<string, Value>()
        for (const [index, item] of expression.items.entries()) fields.set(String(index), evaluate(item, frame))
        return { labels: [], type: 'list', fields }
      }
      case 'table': {
        const fields = new Map<string, Value>()
        for (const { key, value } of expression.entries) {
          const name = key ? keyText(key, evaluate(key, frame)) : undefined
          const entry = evaluate(value, frame)
          if (key) addField(fields, name ?? '*', entry)
          else for (const [inner, field] of entry.fields ?? [['*', entry] as const]) addField(fields, inner, field)
        }
        return { labels: [], type: 'table', fields }
      }
      case 'read':
        return readVariable(expression.variable, expression, frame)
      case 'write': {
        const value = evaluate(expression.value, frame)
        writeVariable(expression.variable, value, expression, frame)
        return value
      }
      case 'call':
        return evaluateCall(expression, frame)
      case 'closure':
        return { labels: [], closure: { closure: expression, frame } }
      case 'define':
        return { labels: [], type: 'plain', text: expression.name }
      case 'scope': {
        const owner = joinName(frame.owner, expression.name)
        evaluate(
          expression.body,
          newFrame({ file: frame.file, owner, onScope: true, context: owner, depth: frame.depth }),
        )
        return nothing
      }
      case 'sequence': {
        let last = nothing
        for (const part of expression.body) last = evaluate(part, frame)
        return last
      }
      case 'branch':
        return evaluateBranch(expression, frame)
      case 'loop':
        // Twice: what the first turn leaves is what the second begins with.
        for (let turn = 0; turn < 2; turn++) {
          evaluate(expression.test, frame)
          evaluate(expression.body, frame)
        }
        return nothing
      case 'attempt':
        return evaluateAttempt(expression, frame)
      case 'throw':
        return evaluateThrow(expression, frame)
      case 'leave': {
        const value = expression.value ? evaluate(expression.value, frame) : nothing
        if (expression.value && frame.tails && expression.from !== 'loop') answer(value, expression.value, frame)
        frame.returns.value = joinValues(frame.returns.value, value)
        return nothing
      }
      case 'other':
        for (const part of expression.parts) evaluate(part, frame)
        return nothing
    }
  }

  function textValue(text: string, at: Expression, frame: Frame): Value {
    const found = prefixes.find(({ kind, prefix }) => text.startsWith(prefix) && keyAt(kind, text, 0) === text.length)
    if (!found) return { labels: [], text }
    const name = `a ${found.kind.title} in the source`
    return { labels: [{ what: 'key', name, trace: step(undefined, at, frame, `${name}`) }] }
  }

  /** A string built from parts: holds what its parts hold; and is a URL with a key in it where it reads like one. */
  function joinParts(parts: readonly Expression[], at: Expression, frame: Frame): Value {
    let labels: readonly Label[] = []
    let text: string | undefined = ''
    let before = ''
    let inUrl = false
    for (const part of parts) {
      const value = evaluate(part, frame)
      const shown = part.kind === 'text' ? value.labels : interpolated(value, part, frame)
      if (shown.some(({ what }) => what === 'key') && readsAsUrl(before)) inUrl = true
      labels = joinLabels(labels, shown)
      text = text === undefined || value.text === undefined ? undefined : text + value.text
      before += value.text ?? '\u0000'
    }
    if (labels.length === 0)
      return text === undefined ? { labels, text: before.replaceAll('\u0000', '*') } : { labels, text }
    labels = traced(labels, at, frame, 'built into a string')
    if (!inUrl) return { labels }
    const keys = labels.filter(({ what, inUrl }) => what === 'key' && !inUrl)
    emit({ sink: 'url', labels: keys, at, frame, says: 'put in a URL', name: '' })
    return { labels: labels.map(reportedUrl) }
  }

  /** What shows of a value that is put in a string. */
  function interpolated(value: Value, at: Expression, frame: Frame): readonly Label[] {
    return value.type === 'exception' ? shownOfException(value, ['message'], at, frame) : shownLabels(value)
  }

  function readVariable(variable: Variable, at: Expression, frame: Frame): Value {
    const { scope, name } = variable
    if (scope === 'local') {
      if (name === 'self')
        return { labels: [], type: frame.onScope ? `class ${frame.owner}` : `instance ${frame.owner}` }
      return readLocal(frame.variables, name) ?? nothing
    }
    const type = index.typeOfValue(name)
    if (type === 'exception') return { labels: [], type, thrown: [failureLabel(at, frame)] }
    if (type !== undefined) return { labels: [], type }
    const held =
      cells.get(cellOf(variable, frame)) ?? (scope === 'constant' ? constantFromAfar(name, frame) : undefined)
    if (scope === 'constant' && !held) {
      const full = program.resolve(name, frame.owner)
      return { labels: [], type: `class ${full ?? name.replace(/^::/, '')}` }
    }
    const assumed = index.typeByName(name)
    if (!held) return assumed ? { labels: [], type: assumed } : nothing
    if (held.labels.length === 0) return held.type === undefined && assumed ? { ...held, type: assumed } : held
    return {
      ...held,
      labels: traced(held.labels, at, frame, scope === 'constant' ? `${name} is read` : `${name} is read`),
    }
  }

  function constantFromAfar(name: string, frame: Frame): Value | undefined {
    const bare = name.replace(/^::/, '')
    for (let owner = frame.owner; owner !== ''; owner = owner.slice(0, Math.max(0, owner.lastIndexOf('::')))) {
      const near = cells.get(`constant ${joinName(owner, bare)}`)
      if (near) return near
    }
    const global = cells.get(`constant ${bare}`)
    if (global) return global
    const full = [...(constantsByLastName.get(lastName(bare)) ?? [])].filter((other) => other.endsWith(`::${bare}`))
    return full.length === 1 ? cells.get(`constant ${full[0]}`) : undefined
  }

  function writeVariable(
    variable: Variable,
    value: Value,
    at: Expression & { readonly kind: 'write' },
    frame: Frame,
  ): void {
    const { scope, name } = variable
    const kept =
      value.labels.length > 0 ? { ...value, labels: traced(value.labels, at, frame, `kept in ${name}`) } : value
    if (scope === 'local') {
      writeLocal(frame.variables, name, kept, at.adds)
      return
    }
    const cell = cellOf(variable, frame)
    if (scope === 'constant') {
      const full = cell.slice('constant '.length)
      const known = constantsByLastName.get(lastName(full)) ?? new Set()
      constantsByLastName.set(lastName(full), known.add(full))
      const keys = shownLabels(value).filter(({ what, via }) => what === 'key' && !via)
      if (keys.length > 0)
        emit({ sink: 'constant', labels: keys, at, frame, says: `kept in the constant ${name}`, name })
    }
    writeCell(cell, kept)
  }

  function cellOf({ scope, name }: Variable, frame: Frame): string {
    if (scope === 'constant') return `constant ${joinName(name.includes('::') ? '' : frame.owner, name)}`
    if (scope === 'global') return `global ${name}`
    return `${scope} ${frame.owner} ${name}`
  }

  function writeCell(cell: string, value: Value): void {
    const present = cells.get(cell)
    const joined = present ? joinValues(present, value) : value
    if (present && shapeOf(present) === shapeOf(joined)) return
    cells.set(cell, joined)
    cellsChanged = true
  }

  function evaluateBranch(branch: Branch, frame: Frame): Value {
    let value = nothing
    // Of `a && b` only b matters: where the value is a, it is nil or false.
    for (const test of branch.tests) evaluate(test, frame)
    const written: Map<string, Value>[] = []
    for (const arm of branch.arms) {
      const own = new Map<string, Value>()
      value = joinValues(value, evaluate(arm, { ...frame, variables: { own, outer: frame.variables, isArm: true } }))
      written.push(own)
    }
    const mayTakeNone = branch.arms.length === branch.tests.length
    for (const name of new Set(written.flatMap((own) => [...own.keys()]))) {
      const before = readLocal(frame.variables, name) ?? nothing
      let joined = mayTakeNone ? before : nothing
      for (const own of written) joined = joinValues(joined, own.get(name) ?? before)
      writeLocal(frame.variables, name, joined, false)
    }
    return value
  }

  function evaluateAttempt(attempt: Attempt, frame: Frame): Value {
    const raised = { labels: [] as readonly Label[] }
    let value = evaluate(attempt.body, { ...frame, raised })
    let uncaught = raised.labels
    for (const rescue of attempt.rescues) {
      const caught = raised.labels.filter(({ via }) => catches(rescue.catches, via?.error))
      // What a wider clause catches for certain does not go on.
      uncaught = uncaught.filter((label) => !caught.includes(label))
      if (rescue.variable) {
        const trace = step(
          undefined,
          rescue,
          frame,
          rescue.catches.length === 0 ? 'any StandardError is caught' : `${rescue.catches.join(', ')} is caught`,
        )
        const about: Label = { what: 'message', name: rescue.catches.join(' ') || 'StandardError', trace }
        const exception: Value = { labels: [], type: 'exception', thrown: [about, ...caught] }
        const place: Expression & { readonly kind: 'write' } = {
          kind: 'write',
          variable: rescue.variable,
          value: attempt.body,
          adds: false,
          start: rescue.start,
          end: rescue.end,
        }
        writeVariable(rescue.variable, exception, place, frame)
      }
      value = joinValues(value, evaluate(rescue.body, frame))
    }
    for (const after of attempt.after) evaluate(after, frame)
    frame.raised.labels = joinLabels(frame.raised.labels, uncaught)
    return value
  }

  function catches(names: readonly string[], error: string | undefined): boolean {
    if (names.length === 0 || error === undefined) return true
    return names.some(
      (name) =>
        /^(?:::)?(?:StandardError|Exception)$/.test(name) ||
        lastName(name) === lastName(error) ||
        program.descends(error, name) ||
        name === 'URI::Error',
    )
  }

  function evaluateThrow(expression: Throw, frame: Frame): Value {
    for (const given of expression.values) {
      const value = evaluate(given, frame)
      const keys = (value.type === 'exception' ? (value.thrown ?? []) : shownLabels(value)).filter(
        ({ what }) => what === 'key',
      )
      if (keys.length === 0) continue
      const labels = keys.map(
        (label): Label => ({
          ...label,
          via: { error: expression.error ?? label.via?.error ?? 'RuntimeError' },
          trace: step(label.trace, expression, frame, 'raised with it in the message'),
        }),
      )
      if (value.type !== 'exception') emit({ sink: 'raise', labels, at: expression, frame, says: '', name: 'raise' })
      frame.raised.labels = joinLabels(frame.raised.labels, labels)
    }
    return nothing
  }

  function evaluateCall(call: Call, frame: Frame): Value {
    const receiver = call.receiver ? evaluate(call.receiver, frame) : undefined
    const known = receiver === undefined || isAppValue(receiver) || isAppByName(call)
    const route = known ? frameworkCall(call, receiver, frame) : undefined
    if (route) return route
    const args = call.args.map((arg) => evaluate(arg, frame))
    const block = call.block ? evaluate(call.block, frame) : undefined
    if (call.name === 'yield') return invokeBlock(frame.block, args, frame)
    if (call.name === '!') return nothing
    const own = ownMethod(call, receiver, frame)
    if (own) return invoke(own.method, own.onScope, args, block, call, frame)
    const target: Value = receiver ?? nothing
    const type = receiver ? (target.type ?? assumedType(call.receiver)) : ''
    const indexed = receiver ? indexCall(call, target, type, args) : undefined
    if (indexed) return indexed
    if (call.name === 'new' && (type?.startsWith('class ') || (!receiver && frame.onScope))) {
      const name = type?.startsWith('class ') ? type.slice('class '.length) : frame.owner
      const made = construct(name, args, block, call, frame)
      if (made) return made
    }
    if (target.closure && closureCalls.has(call.name)) return runClosure(target.closure, args)
    if (target.type === 'record class' && target.fields) return makeRecord(target.fields, args)
    if (target.type === 'table' && call.args.length === 0 && target.fields?.has(call.name))
      return fieldOf(target, call.name)
    if (index.runsApps(call.name) && !receiver) runApps([...args, ...(block ? [block] : [])], frame)
    const model = index.callOf(call.name, type, program.isApp(frame.owner))
    if (model) return applyModel(model, call, target, args, block, frame)
    const shown = type?.startsWith('class ') || type === 'plain' ? undefined : program.only(call.name)
    if (shown && receiver) return invoke(shown, shown.on === 'scope', args, block, call, frame)
    return block ? runBlock(block, target, undefined) : nothing
  }

  /** A function of the program that the call surely means. */
  function ownMethod(
    call: Call,
    receiver: Value | undefined,
    frame: Frame,
  ): { method: Method; onScope: boolean } | undefined {
    const { name } = call
    if (name === 'super') {
      const { method } = frame
      const parent = method && program.parentMethod(method)
      return parent && { method: parent, onScope: frame.onScope }
    }
    const type = receiver ? receiver.type : `${frame.onScope ? 'class' : 'instance'} ${frame.owner}`
    if (type?.startsWith('class ')) {
      const owner = type.slice('class '.length)
      const method = program.scopeMethod(owner, name) ?? (receiver ? undefined : program.method(owner, name))
      return method && { method, onScope: true }
    }
    if (type?.startsWith('instance ')) {
      const method =
        program.method(type.slice('instance '.length), name) ??
        (receiver ? undefined : program.scopeMethod(frame.owner, name))
      return method && { method, onScope: false }
    }
    return undefined
  }

  function assumedType(receiver: Expression | undefined): string | undefined {
    const name =
      receiver?.kind === 'read' ? receiver.variable.name : receiver?.kind === 'call' ? receiver.name : undefined
    return name === undefined ? undefined : index.typeByName(name)
  }

  /** Reads and writes of entries, whatever the object. */
  function indexCall(call: Call, target: Value, type: string | undefined, args: readonly Value[]): Value | undefined {
    const { name } = call
    const [first] = call.args
    if (name === '[]=' && args.length >= 2) {
      if (type === 'response' || type === 'query') return undefined
      const value = args.at(-1) ?? nothing
      if (target.fields) addField(target.fields, (first && keyText(first, args[0] ?? nothing)) ?? '*', value)
      return value
    }
    const reads = name === '[]' || name === 'fetch' || name === 'dig' || name === 'at'
    const entry = type === undefined ? undefined : index.typeOfEntry(type, args[0]?.text ?? '')
    if (entry !== undefined) return { labels: [], type: entry }
    if (!reads || type === 'environment' || type === 'params' || type === 'rack environment') return undefined
    if (type?.startsWith('class ')) return undefined
    // A few characters of a key are what masks show.
    if (target.fields === undefined && isShortSlice(call)) return nothing
    const rest = args.slice(1).reduce((joined, arg) => (name === 'fetch' ? joinValues(joined, arg) : joined), nothing)
    return joinValues(fieldOf(target, first && keyText(first, args[0] ?? nothing)), rest)
  }

  function construct(
    name: string,
    args: readonly Value[],
    block: Value | undefined,
    call: Call,
    frame: Frame,
  ): Value | undefined {
    const full = program.resolve(name, frame.owner)
    if (full === undefined) return undefined
    const initialize = program.method(full, 'initialize')
    if (initialize) invoke(initialize, false, args, block, call, frame)
    return { labels: [], type: `instance ${full}` }
  }

  /** A function that is an app by itself answers with what it returns. */
  function runApps(apps: readonly Value[], frame: Frame): void {
    for (const { closure } of apps) {
      if (!closure) continue
      const given = { context: 'The app', tails: rackTails(closure.closure), file: frame.file }
      runClosure(closure, [{ labels: [], type: 'rack environment' }], given)
    }
  }

  function applyModel(
    model: CallModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value {
    const reading: Value = model.reads === 'all' ? wholeEnvironment(call, frame) : target
    const blockValue = block ? runBlock(block, reading, model.blockTakes) : nothing
    if (model.makesRecord) return recordClass(args)
    if (model.sink) drain(model, call, args, blockValue, frame)
    if (model.raises !== undefined) mayRaise(model.raises, call, args, frame)
    let value = nothing
    if (model.reads) value = joinValues(value, readEnvironment(model.reads, call, args, blockValue, frame))
    if (model.shows)
      value = joinValues(value, { labels: shownOfException(target, model.shows, call, frame), type: 'plain' })
    if (isMasking(call, args)) return nothing
    const built = keysPutInUrl(call, target, args)
    if (built.length > 0) emit({ sink: 'url', labels: built, at: call, frame, says: 'put in a URL', name: '' })
    for (const source of model.gives ?? []) {
      if (source === 'receiver')
        value = joinValues(
          value,
          model.type === undefined
            ? target
            : { labels: shownLabels(target), ...(target.thrown ? { thrown: target.thrown } : {}) },
        )
      else if (source === 'block') value = joinValues(value, blockValue)
      else if (source === 'entries') value = joinValues(value, { labels: entryLabels(target) })
      else if (source === 'argument itself') value = joinValues(value, args[0] ?? nothing)
      else for (const arg of args) value = joinValues(value, { labels: shownLabels(arg) })
    }
    if (model.sink?.kind === 'url' || built.length > 0) value = { ...value, labels: value.labels.map(reportedUrl) }
    if (call.name === '+' && value.labels.length === 0)
      value = { ...value, text: `${target.text ?? '*'}${args[0]?.text ?? '*'}` }
    if (model.mutates) for (const arg of args) mutate(call, arg, frame)
    if (model.input)
      value = joinValues(value, {
        labels: [
          {
            what: 'input',
            name: call.name,
            trace: step(undefined, call, frame, 'chosen by whoever sends the request'),
          },
        ],
      })
    if (model.escapes) value = { ...value, labels: value.labels.filter(({ what }) => what !== 'input') }
    if (framework && model.on.includes('rack environment') && args[0]?.text === framework.failure)
      return {
        labels: [],
        type: 'exception',
        thrown: [...(cells.get('uncaught')?.labels ?? []), failureLabel(call, frame)],
      }
    return model.type === undefined ? value : { ...value, type: model.type, fields: value.fields ?? new Map() }
  }

  function wholeEnvironment(at: Expression, frame: Frame): Value {
    const name = 'every variable of the environment'
    return { labels: [{ what: 'key', name, trace: step(undefined, at, frame, `${name} is read`) }] }
  }

  function failureLabel(at: Expression, frame: Frame): Label {
    return { what: 'message', name: 'StandardError', trace: step(undefined, at, frame, 'whatever a request raised') }
  }

  function drain(model: CallModel, call: Call, args: readonly Value[], blockValue: Value, frame: Frame): void {
    const { sink } = model
    if (!sink) return
    const { kind, takes, says } = sink
    let labels: readonly Label[] = takes === 'all' ? shownLabels(blockValue) : []
    for (const [index, arg] of args.entries()) {
      if (typeof takes === 'object' && 'positions' in takes && !takes.positions.includes(index)) continue
      const given = call.args[index] ?? call
      if (arg.type === 'environment') labels = joinLabels(labels, wholeEnvironment(given, frame).labels)
      else if (takes === 'all' || 'positions' in takes) labels = joinLabels(labels, interpolated(arg, given, frame))
      else
        for (const name of takes.named)
          labels = joinLabels(labels, arg.fields ? shownLabels(arg.fields.get(name) ?? nothing) : [])
    }
    // A URL is reported where it is built.
    if (kind === 'url') labels = labels.filter(({ inUrl }) => !inUrl)
    if (labels.length > 0) emit({ sink: kind, labels, at: call, frame, says, name: call.name })
  }

  /** A parser that quotes its argument raises when an input has made it ill-formed. */
  function mayRaise(error: string, call: Call, args: readonly Value[], frame: Frame): void {
    const labels = args.length > 0 ? shownLabels(args[0] ?? nothing) : []
    if (!labels.some(({ what }) => what === 'input')) return
    const keys = labels.filter(({ what }) => what === 'key')
    if (keys.length === 0) return
    const says = `${call.name} raises ${error} with the whole text in its message when a parameter holds a character such as é`
    const raised = keys.map(
      (label): Label => ({ ...label, via: { error }, trace: step(label.trace, call, frame, says) }),
    )
    frame.raised.labels = joinLabels(frame.raised.labels, raised)
  }

  function readEnvironment(
    reads: 'named' | 'each' | 'all',
    call: Call,
    args: readonly Value[],
    blockValue: Value,
    frame: Frame,
  ): Value {
    if (reads === 'all') return wholeEnvironment(call, frame)
    const variable = (arg: Value | undefined): Value => {
      const name = arg?.text
      if (name === undefined || !knowledge.isSecretName(name)) return nothing
      return {
        labels: [{ what: 'key', name, trace: step(undefined, call, frame, `${name} is read from the environment`) }],
      }
    }
    if (reads === 'each')
      return { labels: [], type: 'list', fields: new Map(args.map((arg, index) => [String(index), variable(arg)])) }
    const fallback = args.slice(1).reduce((joined, arg) => joinValues(joined, arg), blockValue)
    return joinValues(variable(args[0]), fallback)
  }

  function shownOfException(
    exception: Value,
    shows: readonly ('message' | 'backtrace')[],
    at: Expression,
    frame: Frame,
  ): readonly Label[] {
    const shown: Label[] = []
    for (const label of exception.thrown ?? []) {
      if (shows.includes('message'))
        shown.push({ ...label, trace: step(label.trace, at, frame, 'the message of the exception') })
      if (shows.includes('backtrace') && label.what === 'message')
        shown.push({
          ...label,
          what: 'backtrace',
          trace: step(label.trace, at, frame, 'the backtrace of the exception'),
        })
    }
    return shown
  }

  /** `x << y` and `x.concat(y)`: what was added stays in x. */
  function mutate(call: Call, added: Value, frame: Frame): void {
    const { receiver } = call
    const labels = shownLabels(added)
    if (labels.length === 0 || receiver?.kind !== 'read' || receiver.variable.scope === 'constant') return
    const present = readVariable(receiver.variable, receiver, frame)
    const place: Expression & { readonly kind: 'write' } = {
      kind: 'write',
      variable: receiver.variable,
      value: receiver,
      adds: true,
      start: call.start,
      end: call.end,
    }
    if (receiver.variable.name !== 'self')
      writeVariable(receiver.variable, joinValues(present, { labels }), place, frame)
  }

  function invoke(
    method: Method,
    onScope: boolean,
    args: readonly Value[],
    block: Value | undefined,
    call: Call,
    frame: Frame,
  ): Value {
    const { closure, file, owner } = method
    const running = active.get(closure) ?? 0
    if (running >= 2 || frame.depth >= callDepthMax) return nothing
    const passed = args.map((arg, index) => passOn(arg, call.args[index] ?? call, method.name, frame))
    const self = receiverOwner(method, frame)
    const remembered = resultsOf(method.id * 2 + (onScope ? 1 : 0), self)
    const key = passed.map((arg) => valueKey(arg)).join('/')
    let result = block?.closure ? undefined : remembered.get(key)
    if (!result) {
      const context =
        frame.tails || isContext(frame.context) ? frame.context : owner === '' ? method.name : `${owner}#${method.name}`
      const inner = newFrame({ file, owner: self, onScope, context, method, block, depth: frame.depth + 1 })
      bindParameters(closure, passed, block, inner)
      active.set(closure, running + 1)
      const value = evaluate(closure.body, inner)
      active.set(closure, running)
      result = { value: joinValues(value, inner.returns.value), raised: inner.raised.labels }
      if (!block?.closure) remembered.set(key, result)
    }
    frame.raised.labels = joinLabels(frame.raised.labels, result.raised)
    const { value } = result
    // A copy, so that what one caller adds is not in another's; a large table is not added to.
    const fields = value.fields && value.fields.size <= fieldsCopiedMax ? new Map(value.fields) : undefined
    return {
      ...value,
      ...(fields ? { fields } : {}),
      labels: traced(value.labels, call, frame, `returned by ${method.name}`),
    }
  }

  function resultsOf(id: number, self: string): Map<string, Result> {
    let bySelf = results.get(id)
    if (!bySelf) {
      bySelf = new Map()
      results.set(id, bySelf)
    }
    let byArguments = bySelf.get(self)
    if (!byArguments) {
      byArguments = new Map()
      bySelf.set(self, byArguments)
    }
    return byArguments
  }

  /** A function of a mixin or the top level runs with the caller's own variables. */
  function receiverOwner(method: Method, frame: Frame): string {
    return method.owner !== frame.owner && program.method(frame.owner, method.name) === method
      ? frame.owner
      : method.owner
  }

  function passOn(value: Value, at: Expression, to: string, frame: Frame): Value {
    return value.labels.length === 0 ? value : { ...value, labels: traced(value.labels, at, frame, `passed to ${to}`) }
  }

  function bindParameters(closure: Closure, args: readonly Value[], block: Value | undefined, frame: Frame): void {
    const named = args.at(-1)?.type === 'table' ? args.at(-1)?.fields : undefined
    let position = 0
    for (const { name, taken, fallback } of closure.params) {
      let value: Value | undefined
      if (taken === 'position') value = args[position++]
      else if (taken === 'name') value = named?.get(name) ?? named?.get('*')
      else if (taken === 'rest')
        value = {
          labels: [],
          type: 'list',
          fields: new Map(args.slice(position).map((arg, index) => [String(index), arg])),
        }
      else if (taken === 'named rest') value = named ? { labels: [], type: 'table', fields: named } : undefined
      else value = block
      frame.variables.own.set(name, value ?? (fallback ? evaluate(fallback, frame) : nothing))
    }
  }

  /** A block of the program, run with what its caller gives it: its value. */
  function invokeBlock(block: Value | undefined, args: readonly Value[], _frame: Frame): Value {
    return block?.closure ? runClosure(block.closure, args) : nothing
  }

  /** A block that a library runs: its parameters are what the receiver holds. */
  function runBlock(block: Value, target: Value, takes: readonly string[] | undefined): Value {
    const { closure } = block
    if (!closure) return nothing
    if (takes)
      return runClosure(
        closure,
        takes.map((type): Value => ({ labels: [], type })),
      )
    const { params } = closure.closure
    const items = target.type === 'list' ? [...(target.fields?.values() ?? [])] : []
    // A short list of constants is gone through one by one, for a block may use them as names.
    if (items.length > 0 && items.length <= itemsMax && items.every(({ text }) => text !== undefined)) {
      return items.map((item) => runClosure(closure, [item])).reduce((joined, value) => joinValues(joined, value))
    }
    const item = fieldOf(target, undefined)
    const given = target.type === 'table' && params.length > 1 ? [nothing, item] : [item]
    return runClosure(
      closure,
      params.map((_, index) => given[index] ?? item),
    )
  }

  function runClosure(bound: BoundClosure, args: readonly Value[], given: Partial<Frame> = {}): Value {
    const outer = bound.frame as Frame
    const running = active.get(bound.closure) ?? 0
    if (running >= 2) return nothing
    const returns = { value: nothing }
    const frame: Frame = {
      ...outer,
      tails: undefined,
      returns,
      variables: { own: new Map(), outer: outer.variables },
      ...given,
    }
    bindParameters(bound.closure, args, undefined, frame)
    active.set(bound.closure, running + 1)
    const value = evaluate(bound.closure.body, frame)
    active.set(bound.closure, running)
    return joinValues(value, returns.value)
  }

  function isAppValue({ type }: Value): boolean {
    if (type === 'settings') return true
    return type !== undefined && /^(?:class|instance) ./.test(type) && program.isSurelyApp(ownerOfType(type))
  }

  /** `app.get '/x' do` in a module that an app registers: the app is a parameter. */
  function isAppByName({ receiver, block }: Call): boolean {
    return block?.kind === 'closure' && receiver?.kind === 'read' && /^(?:app|base|klass)$/.test(receiver.variable.name)
  }

  /** The framework's own words: routes, settings, filters. Undefined where the call is none of them. */
  function frameworkCall(call: Call, receiver: Value | undefined, frame: Frame): Value | undefined {
    if (!framework) return undefined
    const owner = receiver?.type?.includes(' ') ? ownerOfType(receiver.type) : frame.owner
    if (!program.isApp(owner)) return undefined
    const { name, block } = call
    const closure = block?.kind === 'closure' ? block : undefined
    if (closure && framework.routes.includes(name) && (call.args.length > 0 || receiver !== undefined)) {
      const [path] = call.args
      const title = `${name.toUpperCase()} ${path?.kind === 'text' ? path.value : '…'}`
      return runRoute(closure, title, [], { ...frame, owner })
    }
    if (closure && framework.failures.includes(name)) {
      const which = call.args.flatMap((arg) => (arg.kind === 'read' ? [arg.variable.name] : []))
      const about: Label = {
        what: 'message',
        name: which.join(' ') || 'StandardError',
        trace: step(undefined, call, frame, `${which.join(', ') || 'whatever a request raised'} is handled`),
      }
      const exception: Value = {
        labels: [],
        type: 'exception',
        thrown: [about, ...(cells.get('uncaught')?.labels ?? [])],
      }
      return runRoute(closure, `The ${name} block`, name === 'not_found' ? [] : [exception], { ...frame, owner })
    }
    if (framework.sets.includes(name) && call.args.length > 0) return writeSettings(call, frame)
    if (receiver === undefined && framework.settings.includes(name) && call.args.length === 0)
      return { labels: [], type: 'settings' }
    if (receiver && call.args.length === 0 && !program.scopeMethod(owner, name) && !program.method(owner, name)) {
      const held = cells.get(`setting ${name}`)
      if (held)
        return held.labels.length > 0
          ? { ...held, labels: traced(held.labels, call, frame, `the setting ${name} is read`) }
          : held
    }
    return undefined
  }

  function writeSettings(call: Call, frame: Frame): Value {
    const [first, second] = call.args
    const entries =
      first?.kind === 'table'
        ? first.entries.flatMap(({ key, value }) => (key ? [{ key, value }] : []))
        : second && first
          ? [{ key: first, value: second }]
          : []
    for (const { key, value } of entries) {
      const held = evaluate(value, frame)
      const name = keyText(key, evaluate(key, frame))
      if (name === undefined) continue
      const result = held.closure ? runClosure(held.closure, []) : held
      writeCell(`setting ${name}`, {
        ...result,
        labels: traced(result.labels, call, frame, `kept in the setting ${name}`),
      })
    }
    if (first && call.block) {
      const name = keyText(first, evaluate(first, frame))
      const block = evaluate(call.block, frame)
      if (block.closure && name !== undefined) writeCell(`setting ${name}`, runClosure(block.closure, []))
    }
    return nothing
  }

  function runRoute(closure: Closure, context: string, args: readonly Value[], frame: Frame): Value {
    const raised = { labels: [] as readonly Label[] }
    const given = { context, raised, tails: tailsOf(closure.body), onScope: false, owner: frame.owner }
    runClosure({ closure, frame }, args, given)
    if (raised.labels.length > 0) writeCell('uncaught', { labels: raised.labels })
    for (const label of raised.labels) {
      // What nobody rescues leaks where it is raised.
      const { file, start, end } = label.trace
      record.add({ sink: 'raise', labels: [label], file, start, end, says: '', context, name: '' })
    }
    return nothing
  }

  function answer(value: Value, at: Expression, frame: Frame): void {
    if (value.type === 'exception' || value.type?.startsWith('http')) return
    const labels = shownLabels(value)
    if (labels.length > 0) emit({ sink: 'response', labels, at, frame, says: 'answered to the client', name: '' })
  }

  function emit(found: {
    sink: Flow['sink']
    labels: readonly Label[]
    at: Expression
    frame: Frame
    says: string
    name: string
  }): void {
    const { sink, at, frame, says, name } = found
    const labels = says === '' ? found.labels : traced(found.labels, at, frame, says)
    const { start, end } = at
    record.add({ sink, labels, file: frame.file, start, end, says, context: frame.context, name })
  }

  function traced(
    labels: readonly Label[],
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    says: string,
  ): readonly Label[] {
    return labels.length === 0
      ? labels
      : labels.map((label) => ({ ...label, trace: step(label.trace, at, frame, says) }))
  }

  function step(
    before: Trace | undefined,
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    says: string,
  ): Trace {
    return record.step(before, frame.file, at, says)
  }
}

function isContext(context: string): boolean {
  return /^[A-Z]+ |block$/.test(context)
}

/** `class App` and `instance App` are of App. */
function ownerOfType(type: string): string {
  return type.slice(type.indexOf(' ') + 1)
}
