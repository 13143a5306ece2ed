import type { Call, Expression } from '../form.ts'
import type { Frame } from './frame.ts'
import { isShortSlice } from './masks.ts'
import type { Method } from './program.ts'
import { keyText, makeRecord } from './records.ts'
import type { Run } from './run.ts'
import { rackTails } from './tails.ts'
import { addField, fieldOf, joinValues, nothing, type Value } from './value.ts'

const closureCalls = new Set(['call', '()', 'yield', '===', '[]'])

/** What a call means: the framework’s, the program’s own function, a library’s. */
export function callPart(run: Run): Pick<Run, 'evaluateCall'> {
  const { program, index } = run
  return { evaluateCall }

  function evaluateCall(call: Call, frame: Frame): Value {
    const receiver = call.receiver ? run.evaluate(call.receiver, frame) : undefined
    const known = receiver === undefined || run.isAppValue(receiver) || run.isAppByName(call)
    const route = known ? run.frameworkCall(call, receiver, frame) : undefined
    if (route) return route
    const args = call.args.map((arg) => run.evaluate(arg, frame))
    const block = call.block ? run.evaluate(call.block, frame) : undefined
    if (call.name === 'yield') return run.invokeBlock(frame.block, args)
    if (call.name === '!') return nothing
    const own = ownMethod(call, receiver, frame)
    if (own) return run.invoke(own.method, own.onScope, args, block, call, frame)
    const target: Value = receiver ?? nothing
    const type = receiver ? (target.type ?? assumedType(call.receiver)) : ''
    const indexed = receiver ? indexCall(call, target, type, args, frame) : undefined
    if (indexed) return indexed
    if (call.name === 'new' && (type?.startsWith('class ') || (!receiver && frame.onScope))) {
      const name = type?.startsWith('class ') ? type.slice('class '.length) : frame.owner
      const made = construct(name, args, block, call, frame)
      if (made) return made
    }
    if (target.closure && closureCalls.has(call.name)) return run.runClosure(target.closure, args)
    if (target.type === 'record class' && target.fields) return makeRecord(target.fields, args)
    if (target.type === 'table' && call.args.length === 0 && target.fields?.has(call.name))
      return fieldOf(target, call.name)
    if (index.runsApps(call.name) && !receiver) runApps([...args, ...(block ? [block] : [])], frame)
    const model = index.callOf(call.name, type, program.isApp(frame.owner))
    if (model) return run.applyModel(model, call, target, args, block, frame)
    const shown = type?.startsWith('class ') || type === 'plain' ? undefined : program.only(call.name)
    if (shown && receiver) return run.invoke(shown, shown.on === 'scope', args, block, call, frame)
    return block ? run.runBlock(block, target, undefined) : nothing
  }

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
      const isOfScope = receiver !== undefined || name === 'new'
      const method = program.scopeMethod(owner, name) ?? (isOfScope ? undefined : program.method(owner, name))
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

  function indexCall(
    call: Call,
    target: Value,
    type: string | undefined,
    args: readonly Value[],
    frame: Frame,
  ): Value | undefined {
    const { name } = call
    const [first] = call.args
    if (name === '[]=' && args.length >= 2) {
      if (type === 'response' || type === 'query') return undefined
      const value = args.at(-1) ?? nothing
      if (target.fields) addField(target.fields, (first && keyText(first, args[0] ?? nothing)) ?? '*', value)
      return value
    }
    const reads = name === '[]' || index.readsEntry(name)
    const entry = type === undefined ? undefined : index.typeOfEntry(type, args[0]?.text ?? '')
    if (entry === 'failure') return run.failure(call, frame)
    if (entry !== undefined) return { labels: [], type: entry }
    if (!reads || type === 'environment' || type === 'params' || type === 'request environment') return undefined
    if (type?.startsWith('class ')) return undefined
    // A few characters of a key are what masks show.
    if (target.fields === undefined && isShortSlice(call)) return nothing
    const rest = args.slice(1).reduce((joined, arg) => (name === '[]' ? joined : joinValues(joined, arg)), nothing)
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
    const maker = program.method(full, 'new')
    if (maker) run.invoke(maker, false, args, block, call, frame)
    return { labels: [], type: `instance ${full}` }
  }

  function runApps(apps: readonly Value[], frame: Frame): void {
    for (const { closure } of apps) {
      if (!closure) continue
      const given = { context: 'The app', tails: rackTails(closure.closure), file: frame.file }
      run.runClosure(closure, [{ labels: [], type: 'request environment' }], given)
    }
  }
}
