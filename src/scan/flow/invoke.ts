import type { Call, Closure, Expression } from '../form.ts'
import { type Frame, newFrame } from './frame.ts'
import type { Method } from './program.ts'
import type { Result, Run } from './run.ts'
import { type BoundClosure, fieldOf, joinLabels, joinValues, nothing, type Value, valueKey } from './value.ts'

const callDepthMax = 14
const itemsMax = 16
const fieldsCopiedMax = 64

/** Running functions and blocks of the program. */
export function invokePart(
  run: Run,
): Pick<Run, 'invoke' | 'bindParameters' | 'invokeBlock' | 'runBlock' | 'runClosure'> {
  const { program } = run
  return { invoke, bindParameters, invokeBlock, runBlock, runClosure }

  function invoke(
    method: Method,
    onScope: boolean,
    args: readonly Value[],
    block: Value | undefined,
    call: Call,
    frame: Frame,
  ): Value {
    const { closure, file, owner } = method
    const running = run.active.get(closure) ?? 0
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
      run.active.set(closure, running + 1)
      const value = run.evaluate(closure.body, inner)
      run.active.set(closure, running)
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
      labels: run.traced(value.labels, call, frame, `returned by ${method.name}`),
    }
  }

  function resultsOf(id: number, self: string): Map<string, Result> {
    let bySelf = run.results.get(id)
    if (!bySelf) {
      bySelf = new Map()
      run.results.set(id, bySelf)
    }
    let byArguments = bySelf.get(self)
    if (!byArguments) {
      byArguments = new Map()
      bySelf.set(self, byArguments)
    }
    return byArguments
  }

  function receiverOwner(method: Method, frame: Frame): string {
    return method.owner !== frame.owner && program.method(frame.owner, method.name) === method
      ? frame.owner
      : method.owner
  }

  function passOn(value: Value, at: Expression, to: string, frame: Frame): Value {
    return value.labels.length === 0
      ? value
      : { ...value, labels: run.traced(value.labels, at, frame, `passed to ${to}`) }
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
      frame.variables.own.set(name, value ?? (fallback ? run.evaluate(fallback, frame) : nothing))
    }
  }

  function invokeBlock(block: Value | undefined, args: readonly Value[]): Value {
    return block?.closure ? runClosure(block.closure, args) : nothing
  }

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
    const running = run.active.get(bound.closure) ?? 0
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
    run.active.set(bound.closure, running + 1)
    const value = run.evaluate(bound.closure.body, frame)
    run.active.set(bound.closure, running)
    return joinValues(value, returns.value)
  }
}

function isContext(context: string): boolean {
  return /^[A-Z]+ |block$/.test(context)
}
