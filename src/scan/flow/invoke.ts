import { limits } from '../../limits.ts'
import type { Call, Closure, Expression } from '../form.ts'
import { entryOf } from './entry-of.ts'
import { type Frame, newFrame } from './frame.ts'
import { entriesOf, itemsOf } from './items.ts'
import type { Method } from './program.ts'
import { newReads, type Place, type Result, type Run, type Self } from './run.ts'
import {
  type BoundClosure,
  coarseKey,
  fieldOf,
  holdsLabels,
  holdsSecret,
  isSecret,
  joinLabels,
  joinValues,
  leadsToSecrets,
  nothing,
  type Value,
  valueKey,
  withLabels,
} from './value.ts'

const fieldsCopiedMax = 64

/** Running functions and blocks of the program. */
export function invokePart(
  run: Run,
): Pick<Run, 'invoke' | 'bindParameters' | 'runBlock' | 'runOnItems' | 'runClosure' | 'comesUpon' | 'yielded'> {
  const { program, state } = run
  return { invoke, bindParameters, runBlock, runOnItems, runClosure, comesUpon, yielded }

  function invoke(
    method: Method,
    on: Self,
    args: readonly Value[],
    block: Value | undefined,
    call: Call,
    frame: Frame,
  ): Value {
    const isPlain = !handsOn(on, args) && !handsOnBlock(method, block)
    const plainDepth = isPlain ? frame.plainDepth + 1 : block?.closure ? frame.plainDepth : 0
    // Code that nothing is handed to and that hands nothing out is looked at by itself.
    if (plainDepth > state.plainDepthMax && !run.told.has(method)) {
      state.leftOut = true
      return method.name === 'new' && on.self ? on.self : nothing
    }
    const closure = run.units.closureOf(method)
    if (!closure) return nothing
    const running = run.active.get(closure) ?? 0
    if (running >= 2) return nothing
    if (frame.depth >= limits.scanCallDepthMax) {
      state.cut = true
      state.lost ||= !isPlain && !state.isTrial && args.some((arg) => holdsSecret(arg))
      return nothing
    }
    const passed = args.map((arg, index) => passOn(arg, call.args[index] ?? call, method.name, frame))
    const owner = selfOwner(method, on.owner)
    const remembered = block?.closure ? undefined : resultsOf(method.id * 2 + (on.onScope ? 1 : 0), owner)
    const object = method.name === 'new' ? undefined : on.self
    const key = remembered ? keyOf(passed, object, frame.where * 2 + Math.min(state.bounds, 1), remembered.size) : ''
    let result = remembered?.get(key)
    if (!result || !isStill(result, frame.depth, state.plainDepthMax - plainDepth)) {
      const { changedSelf } = state
      state.changedSelf = false
      const before = remembered && object?.fields ? new Map(object.fields) : undefined
      result = runMethod(method, closure, { ...on, owner }, passed, block, frame, plainDepth)
      if (state.changedSelf && object?.fields && before) result = { ...result, left: changed(before, object.fields) }
      // A trial that has come upon something ends there.
      if (!(state.isTrial && state.touched)) remembered?.set(key, result)
      state.changedSelf = changedSelf || (state.changedSelf && object !== undefined && object === frame.self)
    } else if (result.left && object?.fields) {
      for (const [name, value] of result.left) object.fields.set(name, value)
      state.changedSelf ||= object === frame.self
    }
    state.reads.results.add(result)
    state.touched ||= result.touched
    state.leftOut ||= result.leftOut
    frame.raised.labels = joinLabels(frame.raised.labels, result.raised)
    const { value } = result
    if (value === nothing) return nothing
    // A copy, so that what one caller adds is not in another's; a large table is not added to.
    const isCopied = value.fields && value.fields.size <= fieldsCopiedMax && !value.type?.startsWith('instance ')
    const fields = isCopied ? new Map(value.fields) : undefined
    const options = value.options ? new Map(value.options) : undefined
    return {
      ...value,
      ...(fields ? { fields } : {}),
      ...(options ? { options } : {}),
      labels: run.traced(value.labels, call, frame, `returned by ${method.name}`),
    }
  }

  function runMethod(
    method: Method,
    closure: Closure,
    on: Self,
    passed: readonly Value[],
    block: Value | undefined,
    frame: Frame,
    plainDepth: number,
  ): Result {
    const running = run.active.get(closure) ?? 0
    const source = run.units.sourceOf(method.file) ?? frame.file
    const inner = newFrame({
      file: source,
      owner: on.owner,
      onScope: on.onScope,
      self: on.self,
      isGuess: on.isGuess === true,
      context: contextIn(method, frame),
      framework: program.frameworkOf(on.owner) ?? frame.framework,
      method,
      block,
      depth: frame.depth + 1,
      plainDepth,
      where: frame.where,
      output: frame.output,
    })
    const { reads, cut, leftOut, touched } = state
    const at = state.clock
    const own = newReads()
    state.reads = own
    state.cut = false
    state.leftOut = false
    state.touched = false
    bindParameters(closure, passed, block, inner)
    run.active.set(closure, running + 1)
    const given = joinValues(run.evaluate(closure.body, inner), inner.returns.value)
    // What makes an object gives the object.
    const value = method.name === 'new' && on.self ? on.self : given
    run.active.set(closure, running)
    state.reads = reads
    const cutAt = state.cut ? frame.depth : 0
    const result = { leftOut: state.leftOut, touched: state.touched, plainLeft: state.plainDepthMax - plainDepth }
    state.cut ||= cut
    state.leftOut ||= leftOut
    state.touched ||= touched
    if (teaches(value, inner)) run.teaching.add(method)
    return { value, raised: inner.raised.labels, reads: own, at, cutAt, left: undefined, stillAt: at, ...result }
  }

  /** Whether something worth following is handed to a function. */
  function handsOn({ self }: Self, args: readonly Value[]): boolean {
    const holds = state.isApp ? holdsLabels : holdsSecret
    return args.some((arg) => holds(arg)) || (self !== undefined && holds(self))
  }

  /**
   * A block is run by itself first: where it comes upon nothing, a function that it is handed to matters no more than
   * without it.
   */
  function handsOnBlock(method: Method, block: Value | undefined): boolean {
    if (!block?.closure) return false
    return state.isApp || run.told.has(method) || comesUpon(block.closure)
  }

  function comesUpon(bound: BoundClosure): boolean {
    const { touched, isTrial } = state
    state.touched = false
    state.isTrial = true
    runClosure(bound, [])
    const isTouched = state.touched
    state.touched ||= touched
    state.isTrial = isTrial
    bound.isTouched = isTouched
    return isTouched
  }

  function teaches(value: Value, { raised }: Frame): boolean {
    return raised.labels.some(isSecret) || leadsToSecrets(value, run.index.leadsToSecrets)
  }

  function contextIn({ owner, name }: Method, frame: Frame): string {
    if (frame.tails || isContext(frame.context)) return frame.context
    return owner === '' ? name : `${owner}#${name}`
  }

  function isStill(result: Result, depth: number, left: number): boolean {
    const { at, cutAt, leftOut, plainLeft } = result
    return cutAt <= depth && !(leftOut && (state.taughtAt > at || plainLeft < left)) && holdsStill(result)
  }

  /** Nothing that it has read, nor what it called, has come to hold more since. */
  function holdsStill(result: Result): boolean {
    if (result.stillAt === undefined || result.stillAt === state.clock) return result.stillAt !== undefined
    const { at, reads } = result
    // What it called ended before it did: nothing leads back here.
    result.stillAt = state.clock
    for (const cell of reads.cells) if (cell.changedAt > at) result.stillAt = undefined
    if (result.stillAt !== undefined)
      for (const inner of reads.results)
        if (!holdsStill(inner)) {
          result.stillAt = undefined
          break
        }
    return result.stillAt !== undefined
  }

  function resultsOf(id: number, self: string): Map<string, Result> {
    const bySelf = entryOf(run.results, id, () => new Map())
    const byArguments = entryOf(bySelf, self, () => new Map())
    return byArguments
  }

  /** A mixin's or an ancestor's function runs as code of the class that has it. */
  function selfOwner(method: Method, owner: string): string {
    if (method.owner === owner) return owner
    return program.method(owner, method.name) === method || program.scopeMethod(owner, method.name) === method
      ? owner
      : method.owner
  }

  function passOn(value: Value, at: Expression, to: string, frame: Frame): Value {
    return value.labels.length === 0 ? value : withLabels(value, run.traced(value.labels, at, frame, `passed to ${to}`))
  }

  function bindParameters(closure: Closure, args: readonly Value[], block: Value | undefined, frame: Frame): void {
    const last = args.at(-1)
    const named = last?.type === 'table' ? last.fields : undefined
    const takesNames = named !== undefined && closure.params.some(({ taken }) => /^name/.test(taken))
    const { own } = frame.variables
    const isNamed = args.length === 1 && closure.params.some(({ name }) => named?.has(name))
    let position = 0
    for (const { name, taken, fallback } of closure.params) {
      let value: Value | undefined
      if (taken === 'position') value = args[position++]
      else if (taken === 'either') value = isNamed ? named?.get(name) : args[position++]
      else if (taken === 'name') value = named?.get(name) ?? named?.get('*')
      else if (taken === 'rest')
        value = {
          labels: [],
          type: 'list',
          fields: new Map(givenRest(args, position, takesNames).map((arg, index) => [String(index), arg])),
        }
      else if (taken === 'named rest') value = named ? { labels: [], type: 'table', fields: named } : undefined
      else if (taken === 'block') value = block
      own.set(name, value ?? (fallback ? run.evaluate(fallback, frame) : nothing))
    }
  }

  function yielded(object: Value, { start, end }: Place, frame: Frame): Value | undefined {
    const { by } = run.index.iterating
    const owner = object.type?.startsWith('instance ') ? object.type.slice(9) : undefined
    const method = owner === undefined ? undefined : program.method(owner, by)
    if (owner === undefined || !method || method.owner === '') return undefined
    const place = { start, end }
    const item: Expression = { kind: 'read', variable: { scope: 'local', name: '%item' }, ...place }
    const body: Expression = {
      kind: 'write',
      variable: { scope: 'local', name: '%yielded' },
      value: item,
      adds: true,
      ...place,
    }
    const own = new Map([['%yielded', nothing]])
    const closure: Closure = { kind: 'closure', params: [{ name: '%item', taken: 'position' }], body, ...place }
    const bound = { closure, frame, variables: { own, outer: undefined }, where: frame.where }
    const call: Call = { kind: 'call', name: by, args: [], nameStart: start, ...place }
    const given = invoke(
      method,
      { owner, onScope: false, self: object },
      [],
      { labels: [], closure: bound },
      call,
      frame,
    )
    // Without a block it may give what has the items.
    return joinValues(own.get('%yielded') ?? nothing, given.type === 'list' ? fieldOf(given, undefined) : nothing)
  }

  function runBlock(block: Value, args: readonly Value[], at: Place, frame: Frame): Value {
    // What it raises goes to whoever runs it, and from there to where it stands.
    if (block.closure) return runClosure(block.closure, args, { raised: frame.raised })
    const [target] = args
    const name = block.text
    if (name === undefined || !target) return nothing
    // `&:name` calls what it names on each.
    const { start, end } = at
    const call: Call = { kind: 'call', name, args: [], nameStart: start, start, end }
    if (target.type === 'table' && target.fields?.has(name)) return fieldOf(target, name)
    const owner = target.type?.startsWith('instance ') ? target.type.slice(9) : undefined
    const method = owner === undefined ? undefined : program.method(owner, name)
    if (method && owner !== undefined)
      return invoke(method, { owner, onScope: false, self: target }, [], undefined, call, frame)
    const known = run.knownCall(name, target.type, frame)
    return known ? run.applyModel(known, call, target, [], undefined, frame) : nothing
  }

  function runOnItems(block: Value, target: Value, at: Place, frame: Frame): Value {
    const { closure } = block
    if (!closure) return runBlock(block, [fieldOf(target, undefined)], at, frame)
    const { params } = closure.closure
    const hasMore = params.length > 1 && handsMore(at)
    const isPair = params.length > 1 && !hasMore
    const given =
      isPair && (target.type === 'table' || run.index.wholeOf(target.type ?? '') !== undefined)
        ? entriesOf(target)
        : itemsOf(target).map((item) => (isPair ? partsOfItem(item) : hasMore ? [item, nothing] : [item]))
    return given
      .map((args) =>
        runClosure(
          closure,
          params.map((_, index) => args[index] ?? (args.length > 1 ? nothing : args.at(-1)) ?? nothing),
        ),
      )
      .reduce((joined, value) => joinValues(joined, value), nothing)
  }

  function runClosure(bound: BoundClosure, args: readonly Value[], given: Partial<Frame> = {}): Value {
    const outer = bound.frame as Frame
    const running = run.active.get(bound.closure) ?? 0
    if (running >= 2) return nothing
    const returns = { value: nothing }
    const frame: Frame = {
      ...outer,
      tails: undefined,
      returns,
      where: bound.where,
      variables: { own: new Map(), outer: bound.variables },
      ...given,
    }
    bindParameters(bound.closure, args, undefined, frame)
    run.active.set(bound.closure, running + 1)
    const value = run.evaluate(bound.closure.body, frame)
    run.active.set(bound.closure, running)
    return joinValues(value, returns.value)
  }
}

/** A block of several parameters takes the items of a list apart. */
function partsOfItem(item: Value): readonly Value[] {
  const { type, fields, labels } = item
  if (type !== 'list' || !fields || fields.size === 0 || fields.has('*') || labels.length > 0) return [item]
  return [...fields.keys()].map((_, index) => fields.get(String(index)) ?? nothing)
}

/** Calls that hand a block an item and something else, and not an entry's name and value. */
const itemsWithMore = new Set(['inject', 'reduce', 'each_with_index', 'each_with_object', 'with_index', 'with_object'])

/** Whether the call does that itself, or is made on what such a call without a block gives: `each_with_index.map`. */
function handsMore(at: Place): boolean {
  if (!('name' in at)) return false
  const { name, receiver } = at as Call
  return itemsWithMore.has(name) || (receiver?.kind === 'call' && !receiver.block && itemsWithMore.has(receiver.name))
}

/** What is left of the arguments for a list: those by name are none of it where the function takes such. */
function givenRest(args: readonly Value[], from: number, takesNames: boolean): readonly Value[] {
  return takesNames ? args.slice(from, -1) : args.slice(from)
}

/** The entries that are others now. */
function changed(before: ReadonlyMap<string, Value>, now: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...now].filter(([name, value]) => before.get(name) !== value))
}

/** Functions that are called in more ways are not told apart by all of them. */
const variantsMax = 32

function keyOf(args: readonly Value[], self: Value | undefined, where: number, variants: number): string {
  const keyOfOne = variants < variantsMax ? valueKey : coarseKey
  let key = String(where)
  if (self?.fields) key += `@${self.fields.size > 0 ? keyOfOne(self) : ''}`
  for (const arg of args) key += `/${arg === nothing ? '-' : keyOfOne(arg)}`
  return key
}

function isContext(context: string): boolean {
  return /^[A-Z]+ |block$/.test(context)
}
