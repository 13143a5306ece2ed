import type { Call, Expression } from '../form.ts'
import type { CallModel, Option, OptionValue, SinkModel } from '../model.ts'
import { namedArguments, withNamed } from './arguments.ts'
import type { Frame } from './frame.ts'
import type { KnownCall } from './index-models.ts'
import { keyNames } from './key-labels.ts'
import { toldOptions } from './options.ts'
import type { Run } from './run.ts'
import { toldUrl } from './urls.ts'
import {
  entryLabels,
  holdsLabels,
  joinLabels,
  type Label,
  nothing,
  shownLabels,
  type Value,
  withLineEnds,
} from './value.ts'

interface Given {
  /** What the block of the call gives. */
  readonly block: Value
  /** The objects that the block was handed to fill. */
  readonly made: readonly Value[]
  /** What the call makes: of a request, its answer. */
  readonly object: Value | undefined
}

/** What leaves through calls of libraries. */
export function sinkPart(run: Run): Pick<Run, 'drain' | 'shownOfException' | 'interpolated' | 'inspected'> {
  return { drain, shownOfException, interpolated, inspected }

  function drain(
    { sinks, model }: KnownCall,
    call: Call,
    target: Value,
    args: readonly Value[],
    given: Given,
    frame: Frame,
  ): void {
    for (const sink of sinks) {
      const { kind, says } = sink
      if (kind === 'compare' && (isPresenceTest(call) || !comparesSecret(call, target, args))) continue
      if (sink.unless !== undefined && namedArguments([sink.unless], args)[0]?.literal === false) continue
      if (sink.without?.some((name) => namedArguments([name], args).length > 0)) continue
      if (sink.where && !sink.where.test(args[0]?.text ?? '')) continue
      if (sink.whereType && args[sink.whereType.position]?.type !== sink.whereType.type) continue
      let labels = taken(sink, call, target, args, given.block, frame)
      if (sink.leading) labels = labels.filter(({ what, within }) => what !== 'input' || !within)
      if (sink.quotes) labels = withLineEnds(labels, 'none')
      if (kind === 'request') {
        const told = run.toldToClass(call.receiver ? target : undefined, frame)
        const objects = [...told, target, ...withNamed(args), ...given.made]
        labels = onlyInUrl(joinLabels(labels, carried(objects)), sinks, [...told, target, ...given.made], args)
        const keys = labels.filter(({ what }) => what === 'key')
        if (keys.length > 0) given.object?.options?.set('carried', keyNames(keys))
        const detail = requestDetail(call, target, objects, args, model)
        if (run.state.bounds > 0) detail.totalTimeout = '*'
        if (labels.length > 0 || Object.keys(detail).length > 0)
          run.emit({ sink: kind, labels, at: call, frame, says, name: call.name, detail })
        continue
      }
      // What was reported where it was built is not reported again.
      if (kind === 'url') labels = labels.filter(({ told }) => told !== 'url')
      if (kind === 'response' || kind === 'template') labels = labels.filter(({ told }) => told !== 'template')
      if (labels.length > 0) run.emit({ sink: kind, labels, at: call, frame, says, name: call.name })
    }
  }

  function taken(
    { takes, kind, inspects }: SinkModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    block: Value,
    frame: Frame,
  ): readonly Label[] {
    let labels: readonly Label[] = takes === 'all' || takes === 'block' ? shownLabels(block) : []
    if (takes === 'block') return labels
    if (takes === 'receiver') labels = interpolated(target, call, frame)
    for (const [index, arg] of args.entries()) {
      if (typeof takes === 'object' && ('named' in takes || !takes.positions.includes(index))) continue
      // The environment and the options of a program are not among its arguments, which all users see.
      if (kind === 'command' && (arg.type === 'table' || run.index.wholeOf(arg.type ?? '') !== undefined)) continue
      // A URL that has been parsed names no file.
      if (kind === 'open' && arg.type === 'uri') continue
      // What is given beside the text of a statement is quoted by whoever runs it.
      const shown = kind === 'statement' ? statementOf(arg) : arg
      const at = call.args[index] ?? call
      labels = joinLabels(labels, inspects ? run.inspected(shown, at, frame) : interpolated(shown, at, frame))
      // A function that is handed over in the place of a value: what it gives goes out.
      if (arg.closure) labels = joinLabels(labels, shownLabels(run.runClosure(arg.closure, [])))
    }
    if (typeof takes === 'object' && 'named' in takes)
      for (const value of namedArguments(takes.named, args)) {
        // A template shows of what it is handed what it names.
        const isHanded = kind === 'template' && value.type === 'table'
        labels = joinLabels(labels, isHanded ? shownLabels(value) : interpolated(value, call, frame))
      }
    return labels
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
        shown.push({ ...label, trace: run.step(label.trace, at, frame, 'the message of the exception') })
      if (shows.includes('backtrace') && label.what === 'message')
        shown.push({
          ...label,
          what: 'backtrace',
          trace: run.step(label.trace, at, frame, 'the backtrace of the exception'),
        })
    }
    return shown
  }

  function interpolated(value: Value, at: Expression, frame: Frame): readonly Label[] {
    const { type } = value
    if (type === 'exception') return shownOfException(value, ['message'], at, frame)
    const whole = type === undefined ? undefined : run.index.wholeOf(type)
    if (whole)
      return joinLabels(value.labels, [run.label(whole.label, whole.title, at, frame, `${whole.title} is read`)])
    if (type?.startsWith('instance ')) return joinLabels(value.labels, ownText(value, type.slice(9), at, frame))
    if (type !== 'table' && type !== 'list') return textLabels(value)
    return withLineEnds(joinLabels(shownLabels(value), wholesIn(value, at, frame)), 'none')
  }

  /** Of the entries of a dictionary or a list those that are a whole themselves: `{ env: ENV.to_h }`. */
  function wholesIn({ fields }: Value, at: Expression, frame: Frame, depth = 0): readonly Label[] {
    let labels: readonly Label[] = []
    for (const entry of fields?.values() ?? []) {
      const { type } = entry
      if (type === undefined) continue
      const whole = run.index.wholeOf(type)
      if (whole) labels = joinLabels(labels, [run.label(whole.label, whole.title, at, frame, `${whole.title} is read`)])
      else if ((type === 'table' || type === 'list') && depth < wholesDepthMax)
        labels = joinLabels(labels, wholesIn(entry, at, frame, depth + 1))
    }
    return labels
  }

  function inspected(value: Value, at: Expression, frame: Frame): readonly Label[] {
    const { type } = value
    if (!type?.startsWith('instance ')) return interpolated(value, at, frame)
    const owner = type.slice(9)
    const method = run.program.method(owner, 'inspect')
    if (method && method.owner !== '') return textBy([method.name], value, owner, at, frame)
    // What a library's classes show of themselves is theirs to say.
    if (run.program.hasForeignParent(owner)) return interpolated(value, at, frame)
    return run.traced(entryLabels(value), at, frame, `shown with all variables of ${owner}`)
  }

  /** What an object of the program says of itself. */
  function ownText(value: Value, owner: string, at: Expression, frame: Frame): readonly Label[] {
    return textBy(run.index.asText, value, owner, at, frame)
  }

  function textBy(
    names: readonly string[],
    value: Value,
    owner: string,
    at: Expression,
    frame: Frame,
  ): readonly Label[] {
    // What another object of the class holds, this one does not show.
    if (!holdsLabels(value)) return []
    for (const name of names) {
      const method = run.program.method(owner, name)
      if (!method || method.owner === '') continue
      const { start, end } = at
      const call: Call = { kind: 'call', receiver: at, name, args: [], nameStart: start, start, end }
      return shownLabels(run.invoke(method, { owner, onScope: false, self: value }, [], undefined, call, frame))
    }
    return []
  }
}

const wholesDepthMax = 3

/** Of a list the first item, the others fill its places; a dictionary names columns and what they hold. */
function statementOf(value: Value): Value {
  if (value.type === 'table') return nothing
  return value.type === 'list' ? (value.fields?.get('0') ?? nothing) : value
}

/** The labels of a value as a text: what quotes its entries does so there. */
function textLabels(value: Value): readonly Label[] {
  const labels = shownLabels(value)
  return labels.some(({ lineEnds }) => lineEnds === 'in entries')
    ? labels.map((label) => (label.lineEnds === 'in entries' ? { ...label, lineEnds: 'none' as const } : label))
    : labels
}

/** `key == nil` and `key == ''` tell nothing of the key. */
function isPresenceTest(call: Call): boolean {
  return [call.receiver, ...call.args].some(
    (side) => side === undefined || side.kind === 'text' || side.kind === 'constant',
  )
}

/** Whether one side is a secret and the other something that is not written in the program: a guess at it. */
function comparesSecret({ name }: Call, target: Value, [other]: readonly Value[]): boolean {
  if (!other) return false
  if (name !== 'include?' && name !== 'member?') return isGuess(target, other) || isGuess(other, target)
  return holds(target, 'key') && target.type !== undefined && isGuess(target, other)
}

function isGuess(secret: Value, guess: Value): boolean {
  if (!holds(secret, 'key', 'signature', 'credential') || holds(guess, 'key')) return false
  return guess.text === undefined && guess.literal === undefined && !guess.type?.startsWith('class ')
}

function holds(value: Value, ...sorts: readonly Label['what'][]): boolean {
  return shownLabels(value).some(({ what }) => sorts.includes(what))
}

/** What objects hold that show it only to requests. */
function carried(objects: readonly Value[]): readonly Label[] {
  let labels: readonly Label[] = []
  for (const object of objects) labels = joinLabels(labels, entryLabels(object))
  return labels
}

/** Marks what a request has in its URL alone, in named arguments that are put there. */
function onlyInUrl(
  labels: readonly Label[],
  sinks: readonly SinkModel[],
  objects: readonly Value[],
  args: readonly Value[],
): readonly Label[] {
  const names = new Set(
    sinks.flatMap(({ kind, takes }) =>
      kind === 'url' && typeof takes === 'object' && 'named' in takes ? takes.named : [],
    ),
  )
  if (names.size === 0) return labels
  let inUrl: readonly Label[] = []
  let elsewhere = carried(objects)
  for (const arg of args) {
    elsewhere = joinLabels(elsewhere, arg.labels)
    for (const [name, value] of arg.fields ?? []) {
      if (names.has(name)) inUrl = joinLabels(inUrl, entryLabels(value))
      else elsewhere = joinLabels(elsewhere, entryLabels(value))
    }
  }
  const has = (list: readonly Label[], label: Label) =>
    list.some(({ what, name }) => what === label.what && name === label.name)
  return labels.map((label) => (has(inUrl, label) && !has(elsewhere, label) ? toldUrl(label) : label))
}

function requestDetail(
  call: Call,
  target: Value,
  objects: readonly Value[],
  args: readonly Value[],
  { options = [], defaults = {} }: CallModel,
): Partial<Record<Option, OptionValue>> {
  const detail: Partial<Record<Option, OptionValue>> = { ...defaults }
  for (const object of objects) for (const [option, value] of object.options ?? []) detail[option] = value
  for (const { option, value } of toldOptions(options, call, target, args)) detail[option] = value
  if (detail.method === undefined && /^(?:get|post|put|patch|delete|head|options)$/.test(call.name))
    detail.method = call.name.toUpperCase()
  return detail
}
