import type { Call, Closure, Expression } from '../form.ts'
import { namedEntry, runsAlways, writeEntry } from './entries.ts'
import type { Frame } from './frame.ts'
import type { KnownCall } from './index-models.ts'
import { spreadItems, textsIn } from './items.ts'
import { isShortSlice } from './masks.ts'
import { testOfName } from './name-tests.ts'
import type { Method } from './program.ts'
import { keyText, makeRecord } from './records.ts'
import type { Run, Self } from './run.ts'
import { tailsOf } from './tails.ts'
import {
  type BoundClosure,
  fieldOf,
  holdsLabels,
  holdsSecret,
  joinLabels,
  joinValues,
  nothing,
  shownLabels,
  unknownPart,
  type Value,
  withLabels,
} from './value.ts'
import { readLocal } from './variables.ts'

const closureCalls = new Set(['call', '()', 'yield', '===', '[]'])
/** Where the name is written out the call is a definition. */
const definers = new Set(['define_method', 'define_singleton_method'])
const dispatchers = new Set(['send', 'public_send', '__send__', 'try', 'try!'])

interface Own extends Self {
  readonly method: Method
}

/** What a call means: the framework’s, the program’s own function, a library’s. */
export function callPart(run: Run): Pick<Run, 'evaluateCall' | 'knownCall'> {
  const { program, index, state } = run
  const { isSecretName } = run.knowledge
  const opened = index.valueClasses.filter((name) => program.resolve(name, '') === name)
  const definesByName = program.mentioning(definers).length > 0
  const only = new Map<string, Value>()
  return { evaluateCall, knownCall }

  function evaluateCall(call: Call, frame: Frame): Value {
    // A template's variables are given to it: it has no word that makes them.
    const local = frame.output && !call.receiver && call.args.length === 0 && readLocal(frame.variables, call.name)
    if (local) return local
    const receiver = call.receiver ? run.evaluate(call.receiver, frame) : ownText(call, frame)
    if (receiver === undefined ? frame.framework : run.isAppValue(receiver) || run.isAppByName(call, frame)) {
      const route = run.frameworkCall(call, receiver, frame)
      if (route) return route
    }
    const { given, args } = evaluateArguments(call, frame)
    const block = call.block ? run.evaluate(call.block, frame) : undefined
    return callOn(given, receiver, args, block, frame)
  }

  /** Inside a function that the program has added to texts and their like, what a call without a receiver is made on. */
  function ownText({ name }: Call, { self, owner }: Frame): Value | undefined {
    if (!self || !opened.includes(owner) || /^(?:class|instance) /.test(self.type ?? '')) return undefined
    return program.method(owner, name) || !index.general(name) ? undefined : self
  }

  /** Each item of a list that is spread over the arguments is an argument; of one that is not known, any is one. */
  function evaluateArguments(call: Call, frame: Frame): { readonly given: Call; readonly args: readonly Value[] } {
    if (!call.args.some(({ kind }) => kind === 'spread'))
      return { given: call, args: call.args.map((arg) => run.evaluate(arg, frame)) }
    const expressions: Expression[] = []
    const args: Value[] = []
    for (const arg of call.args) {
      const value = run.evaluate(arg, frame)
      for (const item of arg.kind === 'spread' ? spreadItems(value) : [value]) {
        expressions.push(arg)
        args.push(item)
      }
    }
    return { given: { ...call, args: expressions }, args }
  }

  function callOn(
    call: Call,
    receiver: Value | undefined,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value {
    const { name } = call
    if (!receiver) {
      const special = specialCall(call, args, block, frame)
      if (special) return special
    } else {
      const test = testOfName(call, receiver, args)
      if (test) return test
      if (name === '!') return nothing
    }
    const chosen = args[0]?.text
    if ((name === 'instance_variable_get' || name === 'instance_variable_set') && chosen !== undefined)
      return variableByName(call, chosen, receiver, args, frame)
    if (dispatchers.has(name) && chosen !== undefined && !chosen.includes('*') && (receiver || name !== 'try'))
      return dispatch({ ...call, name: chosen, args: call.args.slice(1) }, receiver, args.slice(1), block, frame)
    if (dispatchers.has(name) && chosen === undefined && args[0]?.texts)
      return args[0].texts
        .map((text) =>
          dispatch({ ...call, name: text, args: call.args.slice(1) }, receiver, args.slice(1), block, frame),
        )
        .reduce((joined, value) => joinValues(joined, value), nothing)
    if (name === 'method' && chosen !== undefined && receiver) return boundCall(chosen, receiver, call, frame)
    if (block?.closure && receiver && index.runsWithin(name)) return runWithin(block.closure, receiver, args)
    if (definers.has(name) && chosen !== undefined && block?.closure)
      return defineByName(call, chosen, receiver, block, frame)
    const own = ownMethod(call, receiver, frame) ?? addedMethod(call, receiver)
    if (own) return run.invoke(own.method, own, args, block, call, frame)
    const defined = definedByName(name, receiver, frame)
    if (defined) return run.runClosure(defined, args, receiver?.type?.startsWith('instance ') ? { self: receiver } : {})
    const kept = receiver && index.valueObjects.size > 0 ? attribute(call, receiver) : undefined
    if (kept) return kept
    const overItems = receiver && callOverItems(call, receiver, args, block, frame)
    if (overItems) return overItems
    const missing = receiver && missingMethod(receiver)
    // A class has functions that nobody wrote.
    if (missing && !(missing.onScope && (name === 'new' || index.general(name))))
      return run.invoke(missing.method, missing, [{ labels: [], text: name }, ...args], block, call, frame)
    const target: Value = receiver ?? nothing
    const stored = name === '[]=' ? args.at(-1)?.closure : undefined
    if (stored && stored.isTouched === undefined) run.comesUpon(stored)
    if (target.unknown && (run.toldNames.has(name) || args.some((arg) => matters(arg)))) run.want(target)
    const type = receiver ? (target.type ?? assumedType(call.receiver)) : ''
    const entry = receiver && type !== undefined ? typedEntry(call, type, args, frame) : undefined
    if (entry) return entry
    const word = receiver || frame.words === undefined ? undefined : index.exact(name, frame.words, undefined)
    const known = word ?? knownCall(name, type, frame)
    const isGeneral = known !== undefined && known === index.general(name)
    const shared = receiver && type !== undefined && index.isShared(type) && sharedEntry(call, type, args, frame)
    if (shared)
      return known && !isGeneral ? joinValues(run.applyModel(known, call, target, args, block, frame), shared) : shared
    if (receiver && (!known || isGeneral)) {
      const held = heldCall(call, target, type, args, frame)
      // What stands in the place of an entry that is not there.
      if (held && block && index.readsEntry(name)) return joinValues(held, run.runBlock(block, args, call, frame))
      if (held) return held
    }
    if (name === 'new' && (type?.startsWith('class ') || (!receiver && frame.onScope))) {
      const made = construct(type?.startsWith('class ') ? type.slice(6) : frame.owner, args, block, call, frame)
      if (made) return made
    }
    if (!target.closure && (name === 'call' || name === '()')) noteYield(args, frame)
    if (target.closure && closureCalls.has(name)) {
      noteYield(args, frame)
      const { calls } = target.closure
      if (calls) return callOn({ ...call, name: calls.name }, calls.receiver, args, block, frame)
      return [target.closure, ...(target.otherClosures ?? [])]
        .map((closure) => run.runClosure(closure, args, { raised: frame.raised }))
        .reduce((joined, value) => joinValues(joined, value))
    }
    if (!receiver && index.stacks(name) && args[0]?.type?.startsWith('class '))
      construct(args[0].type.slice(6), [nothing, ...args.slice(1)], block, call, frame)
    if (index.runsApps(name) && !receiver) runApps([...args, ...(block ? [block] : [])], frame)
    if (name === '[]=' && target.fields && args.length >= 2)
      writeEntry(target.fields, keyAt(call, 0, args[0] ?? nothing) ?? '*', args.at(-1) ?? nothing, runsAlways(frame))
    if (type?.startsWith('class ') && (!known || isGeneral || name.endsWith('='))) {
      const attribute = outsideAttribute(call, type.slice(6), args, frame)
      if (attribute) return attribute
    }
    if (known?.model.onlyOne && type?.startsWith('class ')) return onlyObject(type.slice(6), call, frame)
    if (known) return run.applyModel(known, call, target, args, block, frame)
    if (!receiver && !frame.onScope && frame.owner !== '') {
      const answers = missingMethod(frame.self ?? { labels: [], type: `instance ${frame.owner}` })
      if (answers)
        return run.invoke(
          answers.method,
          { ...answers, self: frame.self },
          [{ labels: [], text: name }, ...args],
          block,
          call,
          frame,
        )
    }
    const shown = type?.startsWith('class ') || type === 'plain' ? undefined : onlyFor(target, name)
    if (shown && receiver)
      return run.invoke(
        shown,
        { owner: shown.owner, onScope: shown.on === 'scope', isGuess: true },
        args,
        block,
        call,
        frame,
      )
    return block ? runUnknownBlock(block, target, call, frame) : unknownPart(target)
  }

  /** The only function of the name; an object of a library has one of the program's if it may be of a class made from its. */
  function onlyFor({ type }: Value, name: string): Method | undefined {
    const only = program.only(name)
    const isForeign = type !== undefined && !type.startsWith('instance ')
    return only && isForeign && only.owner !== '' && program.outside(only.owner).length === 0 ? undefined : only
  }

  /** Nobody knows what is done with the block; perhaps it is run. */
  function runUnknownBlock(block: Value, target: Value, call: Call, frame: Frame): Value {
    const { touched } = state
    state.touched = false
    const value = run.runOnItems(block, target, call, frame)
    if (state.touched) run.want(target)
    state.touched ||= touched
    return value === nothing ? unknownPart(target) : value
  }

  /** Whether code that is handed the value matters. */
  function matters(value: Value): boolean {
    if (value.closure?.isTouched) return true
    return state.isApp ? holdsLabels(value) : holdsSecret(value)
  }

  /** Calls of the form's own, and those that speak of the code itself. */
  function specialCall(call: Call, args: readonly Value[], block: Value | undefined, frame: Frame): Value | undefined {
    switch (call.name) {
      case 'yield':
        noteYield(args, frame)
        return frame.block ? run.runBlock(frame.block, args, call, frame) : nothing
      case 'output':
        return output(call, args, frame)
      case 'super': {
        const parent = frame.method && program.parentMethod(frame.method)
        if (parent) return run.invoke(parent, frame, args, block ?? frame.block, call, frame)
        return frame.method?.name === 'new' ? keepMessage(args, frame) : undefined
      }
      case 'method': {
        const name = args[0]?.text
        const method = name === undefined ? undefined : program.method(frame.owner, name)
        const closure = method && run.units.closureOf(method)
        const { variables, where } = frame
        if (closure) return { labels: [], closure: { closure, frame, variables, where } }
        return name === undefined || method ? undefined : boundCall(name, undefined, call, frame)
      }
      case 'binding':
        return { labels: [], type: 'binding', closure: boundHere(call, frame) }
      default:
        // What a template is handed is a variable of it, and reads like a call.
        return frame.output && args.length === 0 && !block ? readLocal(frame.variables, call.name) : undefined
    }
  }

  /** What a binding keeps: the variables that are seen here. */
  function boundHere({ start, end }: Call, frame: Frame): BoundClosure {
    const { variables, where } = frame
    const body: Expression = { kind: 'constant', value: null, start, end }
    return { closure: { kind: 'closure', params: [], body, start, end }, frame, variables, where }
  }

  /** `instance_variable_get(:@key)` of the object itself or of one of a class of the program. */
  function variableByName(
    call: Call,
    name: string,
    receiver: Value | undefined,
    args: readonly Value[],
    frame: Frame,
  ): Value {
    const type = receiver?.type
    if (type !== undefined && !type.startsWith('instance ') && !type.startsWith('class ')) return nothing
    const owner = type === undefined ? frame.owner : type.slice(type.indexOf(' ') + 1)
    const variable = { scope: 'instance', name } as const
    const inner = owner === frame.owner ? frame : { ...frame, owner }
    if (call.name === 'instance_variable_get') return run.readVariable(variable, call, inner)
    run.writeVariable(variable, args[1] ?? nothing, call, false, inner)
    return args[1] ?? nothing
  }

  /** In a template: its argument becomes a part of the text. */
  function output(call: Call, args: readonly Value[], frame: Frame): Value {
    if (!frame.output) return nothing
    for (const [index, arg] of args.entries()) {
      const at = call.args[index] ?? call
      const labels = run.interpolated(arg, at, frame).filter(({ told }) => told !== 'template')
      if (labels.length === 0) continue
      if (!frame.output.isAnswer) {
        frame.output.labels = joinLabels(frame.output.labels, run.traced(labels, at, frame, 'put in by the template'))
        continue
      }
      run.emit({ sink: 'template', labels, at, frame, says: 'put in the answer by the template', name: '' })
      const told = run.traced(labels, at, frame, 'put in the answer by the template')
      frame.output.labels = joinLabels(
        frame.output.labels,
        told.map((label) => ({ ...label, told: 'template' as const })),
      )
    }
    return nothing
  }

  /** An exception's own `new` hands the message on to a class that is not the program's. */
  function keepMessage(args: readonly Value[], frame: Frame): Value | undefined {
    const labels = args[0] ? shownLabels(args[0]) : []
    if (labels.length > 0) run.writeCell(run.cell('other', frame.owner, 'message'), { labels })
    return nothing
  }

  function noteYield(args: readonly Value[], frame: Frame): void {
    if (frame.method && args.some((arg) => holdsSecret(arg))) run.teaching.add(frame.method)
  }

  function ownMethod({ name }: Call, receiver: Value | undefined, frame: Frame): Own | undefined {
    if (!receiver) {
      const { owner, onScope, self, isGuess } = frame
      const method = onScope
        ? (program.scopeMethod(owner, name) ?? (name === 'new' ? undefined : program.method(owner, name)))
        : (program.method(owner, name) ?? program.scopeMethod(owner, name))
      return method && { method, owner, onScope, self, isGuess }
    }
    const { type } = receiver
    if (type === undefined) return undefined
    if (type.startsWith('class ')) {
      const owner = type.slice(6)
      const method = program.scopeMethod(owner, name)
      return method && { method, owner, onScope: true }
    }
    if (!type.startsWith('instance ')) return undefined
    const owner = type.slice(9)
    const method = program.method(owner, name)
    // What is defined at the top level belongs to every object, and is hardly ever meant.
    return method && (method.owner !== '' || owner === '')
      ? { method, owner, onScope: false, self: receiver }
      : undefined
  }

  /** What the program has added to classes of the language itself: to any text, list or dictionary. */
  function addedMethod({ name }: Call, receiver: Value | undefined): Own | undefined {
    if (!receiver || opened.length === 0 || /^(?:class|instance) /.test(receiver.type ?? '')) return undefined
    for (const owner of opened) {
      const method = program.method(owner, name)
      if (method?.owner === owner) return { method, owner, onScope: false, self: receiver }
    }
    return undefined
  }

  /** `map` and its like of a class that only says what its items are. */
  function callOverItems(
    call: Call,
    receiver: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value | undefined {
    const owner = receiver.type?.startsWith('instance ') ? receiver.type.slice(9) : undefined
    if (owner === undefined || !program.outside(owner).some((mixin) => index.iterating.mixins.has(mixin)))
      return undefined
    const known = index.general(call.name)
    const item = known && run.yielded(receiver, call, frame)
    if (!known || !item) return undefined
    const items: Value = { labels: [], type: 'list', fields: new Map([['*', item]]) }
    return run.applyModel(known, call, items, args, block, frame)
  }

  function dispatch(
    call: Call,
    receiver: Value | undefined,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value {
    const word = receiver && run.isAppValue(receiver) ? run.frameworkCall(call, receiver, frame) : undefined
    return word ?? callOn(call, receiver, args, block, frame)
  }

  /** `method(:puts)`, `client.method(:get)`: a function that calls it with whatever it is given. */
  function boundCall(name: string, receiver: Value | undefined, { start, end }: Call, frame: Frame): Value {
    const read = (local: string): Expression => ({
      kind: 'read',
      variable: { scope: 'local', name: local },
      start,
      end,
    })
    const args: Expression[] = [{ kind: 'spread', value: read('%given'), start, end }]
    const called = { kind: 'call', name, args, nameStart: start, start, end } as const
    const body: Call = receiver ? { ...called, receiver: read('%receiver') } : called
    const closure: Closure = { kind: 'closure', params: [{ name: '%given', taken: 'rest' }], body, start, end }
    const own = new Map(receiver ? [['%receiver', receiver]] : [])
    const variables = { own, outer: frame.variables }
    const calls = receiver ? { name, receiver } : { name }
    return { labels: [], closure: { closure, frame, variables, where: frame.where, calls } }
  }

  /** A block that is run as code of the receiver. */
  function runWithin(closure: BoundClosure, receiver: Value, args: readonly Value[]): Value {
    const given = args.length > 0 ? args : [receiver]
    const { type } = receiver
    if (!type?.startsWith('instance ') && !type?.startsWith('class ')) return run.runClosure(closure, given)
    const owner = type.slice(type.indexOf(' ') + 1)
    const onScope = type.startsWith('class ')
    return run.runClosure(closure, given, { owner, onScope, self: onScope ? undefined : receiver })
  }

  /** `define_method(name) { … }` where the name is computed. */
  function defineByName(call: Call, name: string, receiver: Value | undefined, block: Value, frame: Frame): Value {
    const owner = receiver?.type?.startsWith('class ') ? receiver.type.slice(6) : frame.owner
    run.writeCell(run.cell('setting', owner, `${name}()`), block)
    return { labels: [], type: 'plain', text: call.name }
  }

  function definedByName(name: string, receiver: Value | undefined, frame: Frame): BoundClosure | undefined {
    if (!definesByName) return undefined
    const { type } = receiver ?? {}
    if (receiver && !type?.startsWith('class ') && !type?.startsWith('instance ')) return undefined
    const owner = type === undefined ? frame.owner : type.slice(type.indexOf(' ') + 1)
    for (const each of owner === '' ? [''] : program.lineage(owner)) {
      const held = run.readCell(run.cell('setting', each, `${name}()`))
      if (held?.closure) return held.closure
    }
    return undefined
  }

  /** What a library's class or module was told by name, and is asked again: `Client.api_key = …`. */
  function outsideAttribute(call: Call, owner: string, args: readonly Value[], frame: Frame): Value | undefined {
    const { name } = call
    if (program.resolve(owner, frame.owner) !== undefined) return undefined
    if (/^\w+=$/.test(name)) {
      const [value = nothing] = args
      if (args.length === 1 && holdsSecret(value)) run.writeCell(run.cell('setting', owner, name.slice(0, -1)), value)
      return undefined
    }
    if (args.length > 0 || !/^[a-z]\w*$/.test(name)) return undefined
    const held = run.readCell(run.cell('setting', owner, name))
    return held && withLabels(held, run.traced(held.labels, call, frame, `${owner}.${name} is read`))
  }

  /** The function that answers to every other name. */
  function missingMethod(receiver: Value): Own | undefined {
    const { type } = receiver
    if (type?.startsWith('class ')) {
      const owner = type.slice(6)
      const method = program.scopeMethod(owner, 'method_missing')
      return method?.on === 'scope' ? { method, owner, onScope: true } : undefined
    }
    if (!type?.startsWith('instance ')) return undefined
    const owner = type.slice(9)
    const method = program.method(owner, 'method_missing')
    return method && method.owner !== '' ? { method, owner, onScope: false, self: receiver } : undefined
  }

  function knownCall(name: string, type: string | undefined, frame: Frame): KnownCall | undefined {
    const { framework } = frame
    if (type === '') {
      const outside = outsideCall(name, frame.owner, frame)
      // A class that is perhaps a part of the app has its own ancestors' words first.
      const isOutside = outside && framework && !program.surelyFrameworkOf(frame.owner)
      return isOutside ? outside : (index.exact(name, '', framework) ?? outside)
    }
    if (type === undefined) return index.general(name)
    const on = type.startsWith('class ') ? type.slice(6) : type
    const exact = index.exact(name, on, framework)
    if (exact) return exact
    const owner = type.startsWith('instance ') ? type.slice(9) : on === type ? undefined : on
    const outside = owner === undefined ? undefined : outsideCall(name, owner, frame)
    return outside ?? index.general(name) ?? index.anyName(on) ?? (owner === undefined ? undefined : anyOutside(owner))
  }

  /** What an ancestor that is not of the program means by every name. */
  function anyOutside(owner: string): KnownCall | undefined {
    for (const ancestor of program.outside(owner)) {
      const known = index.anyName(ancestor)
      if (known) return known
    }
    return undefined
  }

  /** What an ancestor or a mixin of a class of the program means by the call. */
  function outsideCall(name: string, owner: string, frame: Frame): KnownCall | undefined {
    if (owner === '') return undefined
    for (const ancestor of program.outside(owner)) {
      const known = index.exact(name, ancestor, frame.framework)
      if (known) return known
    }
    return undefined
  }

  function assumedType(receiver: Expression | undefined): string | undefined {
    const name =
      receiver?.kind === 'read' ? receiver.variable.name : receiver?.kind === 'call' ? receiver.name : undefined
    return name === undefined ? undefined : index.typeByName(name)
  }

  /** An entry that the models know the type of. */
  function typedEntry(call: Call, type: string, args: readonly Value[], frame: Frame): Value | undefined {
    if (call.name !== '[]' && !index.readsEntry(call.name)) return undefined
    const entry = index.typeOfEntry(type, args[0]?.text ?? String(args[0]?.literal ?? ''))
    if (entry === 'failure') return run.failure(call, frame)
    return entry === undefined ? undefined : { labels: [], type: entry, fields: new Map() }
  }

  /** Entries of dictionaries, lists and records. */
  function heldCall(
    call: Call,
    target: Value,
    type: string | undefined,
    args: readonly Value[],
    frame: Frame,
  ): Value | undefined {
    const { name } = call
    if (type === 'record class' && target.fields) {
      if (name === 'new' || name === '[]') return makeRecord(target.fields, args)
      return undefined
    }
    if (type?.startsWith('class ')) return undefined
    if (type === 'settings' && (name === '[]' || name === '[]=')) return settingByKey(call, args, frame)
    if (name === '[]=' && args.length >= 2) {
      const value = args.at(-1) ?? nothing
      if (!target.fields) return value
      const key = keyAt(call, 0, args[0] ?? nothing) ?? '*'
      const isNew = value.closure?.isTouched && target.fields.get(key)?.closure?.closure !== value.closure.closure
      writeEntry(target.fields, key, value, runsAlways(frame))
      if (isNew) noteFilled(call.receiver, frame)
      return value
    }
    if (type === 'table' && target.fields) {
      if (call.args.length === 0 && target.fields.has(name)) return fieldOf(target, name)
      if (name.endsWith('=') && call.args.length === 1 && target.fields.has(name.slice(0, -1))) {
        target.fields.set(name.slice(0, -1), args[0] ?? nothing)
        return args[0] ?? nothing
      }
    }
    if (target.closure) return undefined
    if (name !== '[]' && !index.readsEntry(name)) return undefined
    // A few characters of a key are what masks show.
    if ((target.fields?.size ?? 0) === 0 && isShortSlice(call)) return nothing
    if (name === 'dig')
      return args.reduce((held, arg, at) => namedEntry(held, keyAt(call, at, arg), isSecretName), target)
    const rest = args.slice(1).reduce((joined, arg) => (name === '[]' ? joined : joinValues(joined, arg)), nothing)
    const key = keyAt(call, 0, args[0] ?? nothing)
    const held = joinValues(namedEntry(target, key, isSecretName), rest)
    const texts = key === undefined ? textsIn(target) : undefined
    return texts ? { ...held, texts } : held
  }

  /** What a variable holds has been filled with code that reads a secret: whoever reads it matters. */
  function noteFilled(receiver: Expression | undefined, frame: Frame): void {
    if (receiver?.kind === 'read' && receiver.variable.scope !== 'local') run.noteFilled(receiver.variable, frame)
  }

  function settingByKey(call: Call, args: readonly Value[], frame: Frame): Value | undefined {
    const name = keyAt(call, 0, args[0] ?? nothing)
    if (name === undefined) return undefined
    const cell = run.cell('setting', '', name)
    if (call.name === '[]') {
      const held = run.readCell(cell)
      return held && withLabels(held, run.traced(held.labels, call, frame, `the setting ${name} is read`))
    }
    const value = args.at(-1) ?? nothing
    run.writeCell(cell, withLabels(value, run.traced(value.labels, call, frame, `kept in the setting ${name}`)))
    return value
  }

  /** An entry of an object of which there is one. */
  function sharedEntry(call: Call, type: string, args: readonly Value[], frame: Frame): Value | undefined {
    const isRead = call.name === '[]' || index.readsEntry(call.name)
    if (!isRead && call.name !== '[]=' && call.name !== 'store') return undefined
    const name = keyAt(call, 0, args[0] ?? nothing)
    if (name === undefined) return undefined
    const cell = run.cell('setting', type, name)
    if (isRead) {
      const held = run.readCell(cell)
      return held && withLabels(held, run.traced(held.labels, call, frame, `${name} is read`))
    }
    const value = args.at(-1) ?? nothing
    run.writeCell(cell, withLabels(value, run.traced(value.labels, call, frame, `kept in ${name}`)))
    return value
  }

  function keyAt(call: Call, at: number, value: Value): string | undefined {
    const expression = call.args[at]
    return expression && keyText(expression, value)
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
    const object: Value = { labels: [], type: `instance ${full}`, fields: new Map() }
    const maker = program.method(full, 'new')
    if (!maker && isValueObject(full)) keepAttributes(object, args)
    if (!maker) keepMessage(args, { ...frame, owner: full })
    return maker ? run.invoke(maker, { owner: full, onScope: false, self: object }, args, block, call, frame) : object
  }

  /** The object is the same wherever it is had, and knows what it was told elsewhere. */
  function onlyObject(owner: string, call: Call, frame: Frame): Value {
    const present = only.get(owner)
    if (present) return present
    const object: Value = { labels: [], type: `instance ${owner}`, fields: new Map() }
    only.set(owner, object)
    const maker = program.method(owner, 'new')
    if (maker) run.invoke(maker, { owner, onScope: false, self: object }, [], undefined, call, frame)
    return object
  }

  /** A class whose library makes an object from a dictionary, and its attributes from the entries. */
  function isValueObject(owner: string): boolean {
    return program.outside(owner).some((ancestor) => index.valueObjects.has(ancestor))
  }

  function keepAttributes({ fields }: Value, [given]: readonly Value[]): void {
    if (given?.type === 'table') for (const [name, value] of given.fields ?? []) fields?.set(`@${name}`, value)
  }

  /** An attribute of such an object, or all of them. */
  function attribute({ name, args }: Call, receiver: Value): Value | undefined {
    const { type, fields } = receiver
    if (!fields || args.length > 0 || !type?.startsWith('instance ') || !isValueObject(type.slice(9))) return undefined
    if (!index.attributesBy.has(name)) return fields.get(`@${name}`)
    return { labels: [], type: 'table', fields: new Map([...fields].map(([key, value]) => [key.slice(1), value])) }
  }

  function runApps(apps: readonly Value[], _frame: Frame): void {
    for (const { closure } of apps) {
      if (!closure) continue
      const given = { context: 'The app', tails: tailsOf(closure.closure.body), answersInThree: true }
      run.runClosure(closure, [{ labels: [], type: 'request environment' }], given)
    }
  }
}
