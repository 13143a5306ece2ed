import type { Call } from '../form.ts'
import type { CallModel, Option, OptionValue } from '../model.ts'
import { lastName } from '../survey.ts'
import { namedArguments, takenValues, withNamed } from './arguments.ts'
import { keepsSecrets } from './choices.ts'
import { itemAtEnd, pickedEntries, runsAlways } from './entries.ts'
import { folderOf } from './folder-of.ts'
import type { Frame } from './frame.ts'
import type { KnownCall } from './index-models.ts'
import { itemsOf, pairsOf, valuesOf } from './items.ts'
import { isMasking } from './masks.ts'
import { jointAnswer, knownTest } from './name-tests.ts'
import { toldOptions } from './options.ts'
import { recordClass } from './records.ts'
import type { Run } from './run.ts'
import { keysPutInUrl, leads, toldUrl } from './urls.ts'
import {
  addField,
  boundedText,
  entryLabels,
  fieldOf,
  holdsSecret,
  joinLabels,
  joinValues,
  type Label,
  nothing,
  shownLabels,
  type Value,
  withinText,
  withLabels,
  withLineEnds,
} from './value.ts'

/** What a library’s call does, as its model says. */
export function modelPart(run: Run): Pick<Run, 'applyModel'> {
  return { applyModel }

  function applyModel(
    known: KnownCall,
    call: Call,
    target: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value {
    const { model } = known
    if (model.makesRecord) return recordClass(args)
    if (model.filters && model.type !== undefined && !keepsSecrets(model.filters, call, frame.file)) return nothing
    const picked =
      model.picks || model.overlays ? pickedEntries(model, call, target, args, frame) : itemAtEnd(model, call, target)
    if (picked) return picked
    if (target.type?.startsWith('instance ') && run.index.inspects(call.name))
      return { labels: run.inspected(target, call, frame), type: 'plain' }
    if (model.values && target.type === 'table' && target.fields) return valuesOf(target)
    if (model.filters && block?.closure && target.type === 'table' && target.fields && !target.fields.has('*')) {
      const chosen = filtered(model.filters, target, target.fields, block, call, frame)
      return model.pairs ? pairsOf(model.pairs, chosen) : chosen
    }
    if (model.pairs === 'one' && target.type === 'list' && target.fields && call.args.length === 0) {
      if (block?.closure) run.runOnItems(block, target, call, frame)
      return fieldOf(target, undefined)
    }
    if (model.pairs && target.type === 'table' && target.fields && call.args.length === 0) {
      if (block?.closure) run.runOnItems(block, target, call, frame)
      return pairsOf(model.pairs, target)
    }
    if (model.asks && block?.closure) {
      const answers = itemsOf(target).map((item) => run.runBlock(block, [item], call, frame))
      return jointAnswer(model.asks, answers) ?? nothing
    }
    const read = known.sources.length > 0 ? run.readSources(known, call, target, args, frame) : nothing
    if (model.ofClass) return classOf(target)
    if (model.unwraps && target.type === wrapped)
      return unwrappedBy(model, model.unwraps, call, target, args, block, frame)
    if (model.wraps) return { labels: [], type: wrapped, fields: new Map([[call.name, args[0] ?? nothing]]) }
    const object = objectOf(known, call, target, args, frame)
    const made: Value[] = []
    const whole = known.sources.some(({ named }) => named === 'whole') ? read : nothing
    const given = model.blockTakes?.includes('read') ? read : whole
    if (model.bounds) run.state.bounds++
    const blockValue = block ? runModelBlock(model, block, object, target, given, args, made, call, frame) : nothing
    if (model.bounds) run.state.bounds--
    const rendered = renderedBy(model, call, target, args, frame)
    // What a template puts out is told where it puts it out.
    const sinks = rendered ? known.sinks.filter(({ kind }) => kind !== 'template') : known.sinks
    if (model.rendersOwn && !block) sendOwn(known, call, frame)
    if (sinks.length > 0) run.drain({ ...known, sinks }, call, target, args, { block: blockValue, made, object }, frame)
    if (model.raises !== undefined) mayRaise(model.raises, known, call, args, frame)
    if (model.quotes) quote(model.quotes, call, target, args, frame)
    if (rendered) return rendered
    // A mask takes the key out of a text; the first items of a list are whole.
    if ((target.fields?.size ?? 0) === 0 && isMasking(model, call, args))
      return { labels: target.labels.filter(({ what }) => what !== 'key' && what !== 'credential') }
    return resultOf(known, call, target, args, { read, object, blockValue }, frame)
  }

  /** The entries of which the block does not say for certain that they are left out. */
  function filtered(
    filters: NonNullable<CallModel['filters']>,
    target: Value,
    fields: ReadonlyMap<string, Value>,
    block: Value,
    call: Call,
    frame: Frame,
  ): Value {
    const kept = new Map<string, Value>()
    const dropped = new Map<string, Value>()
    for (const [name, entry] of fields) {
      const one: Value = { labels: [], type: 'table', fields: new Map([[name, entry]]) }
      const test = knownTest(run.runOnItems(block, one, call, frame))
      // A pattern that says what to leave out is there for the secrets.
      if (filters === 'parted') {
        if (test !== false) kept.set(name, entry)
        if (test !== true) dropped.set(name, entry)
        continue
      }
      if (test === (filters === 'dropped') || (test === 'by pattern' && filters === 'dropped' && holdsSecret(entry)))
        continue
      kept.set(name, entry)
    }
    const whole = { ...target, fields: kept }
    if (filters !== 'parted') return whole
    const parts = [whole, { ...target, fields: dropped }]
    return { labels: [], type: 'list', fields: new Map(parts.map((part, index) => [String(index), part])) }
  }

  function unwrappedBy(
    model: CallModel,
    names: readonly string[] | 'class',
    call: Call,
    { fields }: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value {
    const asked = args[0]?.type?.startsWith('class ') ? [lastName(args[0].type.slice(6))] : undefined
    const held = [...(fields ?? [])].reduce<Value>(
      (joined, [name, value]) =>
        (names === 'class' ? (asked ?? [name]) : names).includes(name) ? joinValues(joined, value) : joined,
      nothing,
    )
    if (names === 'class') return { labels: [], type: 'list', fields: new Map([['0', held]]) }
    const given = block ? run.runBlock(block, [held], call, frame) : nothing
    if (model.wraps)
      return {
        labels: [],
        type: wrapped,
        fields: new Map([...(fields ?? [])].map(([name, value]) => [name, names.includes(name) ? given : value])),
      }
    if (!model.gives) return held
    return model.gives.includes('receiver')
      ? args.reduce((joined, arg) => joinValues(joined, arg), joinValues(held, given))
      : given
  }

  /** The template of the function that the call stands in leaves with what the call sends. */
  function sendOwn({ sinks }: KnownCall, call: Call, frame: Frame): void {
    const [sink] = sinks
    if (!sink || !frame.method) return
    const name = `${folderOf(frame.owner)}/${frame.method.name}`
    const inner = { ...frame, output: { labels: [], isAnswer: false } }
    const labels = run.renderTemplate(name, undefined, call, inner)?.labels ?? []
    if (labels.length > 0) run.emit({ sink: sink.kind, labels, at: call, frame, says: sink.says, name: call.name })
  }

  function renderedBy(
    model: CallModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    frame: Frame,
  ): Value | undefined {
    if (model.rendersReceiver && target.text !== undefined) return run.renderText(target.text, args[0], call, frame)
    if (!model.renders) return undefined
    for (const { text } of [...args.slice(0, 2), ...namedArguments(['inline'], args)]) {
      const rendered = text === undefined ? undefined : run.renderTemplate(text, args.at(-1), call, frame)
      if (rendered) return joinValues(rendered, layoutAround(model, call, args, frame))
    }
    return undefined
  }

  /** The template that the framework puts around the named one, unless that is a part of another. */
  function layoutAround({ layout }: CallModel, call: Call, args: readonly Value[], frame: Frame): Value {
    const [told] = namedArguments(['layout'], args)
    const name = told?.text ?? (told?.literal === false || told?.literal === null ? undefined : layout)
    if (name === undefined || frame.output || args[0]?.text === name) return nothing
    return run.renderTemplate(name, args.at(-1), call, frame) ?? nothing
  }

  function resultOf(
    { model, sinks, sources }: KnownCall,
    call: Call,
    target: Value,
    args: readonly Value[],
    given: { readonly read: Value; readonly object: Value | undefined; readonly blockValue: Value },
    frame: Frame,
  ): Value {
    // What is read as a whole is in the items that a block has been run on.
    let value = model.blockOver !== undefined && call.block ? nothing : given.read
    if (model.shows)
      value = joinValues(value, { labels: run.shownOfException(target, model.shows, call, frame), type: 'plain' })
    const built = keysPutInUrl(model, call, target, args)
    if (built.length > 0) run.emit({ sink: 'url', labels: built, at: call, frame, says: 'put in a URL', name: '' })
    value = joinValues(value, givenBy(model, call, target, args, given.blockValue, frame))
    const mayGiveOther = run.index.readsEntry(call.name) && sources.some(({ named }) => named === 'argument')
    if (mayGiveOther && (args.length > 1 || given.blockValue !== nothing))
      value = args.slice(1).reduce((joined, arg) => joinValues(joined, arg), joinValues(value, given.blockValue))
    if (built.length > 0 || sinks.some(({ kind }) => kind === 'url'))
      value = withLabels(value, value.labels.map(toldUrl))
    if (model.joins !== undefined)
      value = { ...value, text: boundedText(args.map(({ text }) => text ?? '*').join(model.joins)) }
    if (model.letters && value.text !== undefined)
      value = { ...value, text: model.letters === 'large' ? value.text.toUpperCase() : value.text.toLowerCase() }
    if (sinks.some(({ kind }) => kind === 'template'))
      value = withLabels(
        value,
        value.labels.map((label) => ({ ...label, told: 'template' as const })),
      )
    const text = builtText(model, target, args)
    if (text !== undefined) value = { ...value, text }
    if (model.appends && !model.mutates)
      value = { ...value, text: boundedText(`${target.text ?? '*'}${args[0]?.text ?? '*'}`) }
    if (model.mutates) for (const arg of args) mutate(call, target, arg, frame)
    if (model.escapes && value.labels.some(({ what }) => what === 'input'))
      value = withLabels(
        value,
        value.labels.filter(({ what }) => what !== 'input'),
      )
    if (model.lineEnds) value = withLabels(value, withLineEnds(value.labels, model.lineEnds))
    if (model.resolves) value = withLabels(value, value.labels.map(resolved))
    // Without a type the call gives what its block gives.
    if (call.block && model.gives?.includes('block'))
      return model.collects && value.type?.startsWith('instance ') ? listOf(value) : value
    if (given.object && typeOf(model, args) !== undefined)
      return {
        ...joinValues(given.object, value),
        ...(given.object.text === undefined ? {} : { text: given.object.text }),
      }
    if (model.part) return joinValues(partOf(model, receiving(call, target, frame)), value)
    return value
  }

  /** The object that a call with a type makes; what is told and given to other calls is told and given to the receiver. */
  function objectOf(
    { model, sinks }: KnownCall,
    call: Call,
    target: Value,
    args: readonly Value[],
    frame: Frame,
  ): Value | undefined {
    const { options, holds } = model
    const type = typeOf(model, args)
    if (type === undefined || model.part) {
      if (options || holds) {
        const receiver = receiving(call, target, frame)
        if (options) tell(receiver.options, model, call, target, args, frame)
        if (holds) hold(receiver.fields, holds, target, args)
        run.changedObject(receiver)
      }
      if (type !== undefined || !(options || holds) || !model.blockTakes) return undefined
    }
    const text = model.gives?.includes('arguments') ? args[0]?.text : model.gives ? target.text : undefined
    const object: Value = {
      labels: [],
      type: type ?? model.blockTakes?.[0] ?? 'plain',
      ...(text === undefined ? {} : { text }),
      fields: new Map(),
      options: new Map(Object.entries(model.defaults ?? {}) as [Option, OptionValue][]),
    }
    // An answer is not what was asked.
    const isAnswer = sinks.some(({ kind }) => kind === 'request') && target.type !== undefined && isHolder(target)
    const makers = isAnswer
      ? []
      : [...run.toldToClass(call.receiver ? target : undefined, frame), target, ...withNamed(args)]
    for (const maker of makers) if (isHolder(maker)) takeOver(object, maker)
    if (options) tell(object.options, model, call, target, args, frame)
    if (holds) hold(object.fields, holds, target, args)
    return object
  }

  /** What a call that makes nothing tells and gives: its receiver, or the class that it is called on. */
  function receiving(call: Call, target: Value, frame: Frame): Value {
    if (target.options) return target
    return run.classObject(call.receiver ? target : undefined, frame) ?? target
  }

  function tell(
    object: Map<Option, OptionValue> | undefined,
    { options = [] }: CallModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    frame: Frame,
  ): void {
    const last = new Map(toldOptions(options, call, target, args).map((told) => [told.option, told]))
    for (const { option, value, at, labels } of last.values()) {
      const present = object?.get(option)
      const isChanged = present !== undefined && present !== value && !runsAlways(frame)
      object?.set(option, isChanged ? '*' : value)
      if (!isWorthTelling(option, value)) continue
      run.emit({ sink: 'option', labels, at, frame, says: '', name: option, detail: { [option]: value } })
    }
  }

  function runModelBlock(
    model: CallModel,
    block: Value,
    object: Value | undefined,
    target: Value,
    read: Value,
    args: readonly Value[],
    made: Value[],
    call: Call,
    frame: Frame,
  ): Value {
    const { blockTakes, blockOn } = model
    if (blockOn !== undefined && block.closure?.closure.params.length === 0)
      return run.runClosure(block.closure, [], { words: blockOn })
    if (model.blockOver !== undefined && block.closure) {
      const entry: Value = { ...read, type: model.blockOver }
      const { length } = block.closure.closure.params
      return run.runBlock(block, length > 1 ? [nothing, entry] : [entry], call, frame)
    }
    if (!blockTakes) return run.runOnItems(block, read === nothing ? target : joinValues(target, read), call, frame)
    const give = (item: Value) =>
      blockTakes.map((takes): Value => {
        if (takes === 'receiver') return target
        if (takes === 'item') return item
        if (takes === 'entry') return fieldOf(target, undefined)
        if (takes === 'argument') return args[0] ?? nothing
        if (takes === 'read') return read
        if (object && (takes === 'result' || takes === object.type)) return object
        const value: Value = {
          labels: [],
          type: takes,
          fields: new Map(),
          options: new Map<Option, OptionValue>(target.options ?? []),
        }
        made.push(value)
        return value
      })
    const items = blockTakes.includes('item') ? itemsOf(target) : [nothing]
    return items
      .map((item) => run.runBlock(block, give(item), call, frame))
      .reduce((joined, value) => joinValues(joined, value))
  }

  function givenBy(
    model: CallModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    blockValue: Value,
    frame: Frame,
  ): Value {
    let value = nothing
    for (const source of model.gives ?? []) {
      if (source === 'receiver' && model.blockInstead && call.block) continue
      if (source === 'receiver')
        value = joinValues(
          value,
          typeOf(model, args) === undefined
            ? target
            : { labels: shownLabels(target), ...(target.thrown ? { thrown: target.thrown } : {}) },
        )
      else if (source === 'built')
        value = target.text === undefined ? value : joinValues(value, { labels: target.labels })
      else if (source === 'block') value = joinValues(value, blockValue)
      else if (source === 'entries') value = joinValues(value, { labels: entryLabels(target) })
      else if (source === 'host') value = joinValues(value, hostOf(target))
      else if (source === 'argument itself') value = joinValues(value, args[0] ?? nothing)
      else if (model.fills) value = joinValues(value, filledIn(call, target, args, frame))
      else
        for (const [index, arg] of args.entries()) {
          const labels = placed(model, target, index, run.interpolated(arg, call.args[index] ?? call, frame))
          value = joinValues(value, {
            labels: source === 'inputs' ? labels.filter(({ what }) => what === 'input') : labels,
          })
        }
    }
    return value
  }

  /** What fills the places of a pattern: the receiver, or the first argument where there is none. */
  function filledIn(call: Call, target: Value, args: readonly Value[], frame: Frame): Value {
    const pattern = (call.receiver && target.text !== undefined ? target : args[0])?.text ?? '*'
    const values = call.receiver && target.text !== undefined ? listed(args) : args.slice(1)
    const texts = values.map(({ text }) => text ?? '*')
    let labels: readonly Label[] = []
    for (const [index, value] of values.entries()) {
      const shown = run.interpolated(filledBy(value, pattern), call.args[index] ?? call, frame)
      labels = joinLabels(labels, leads(textBefore(pattern, index, texts)) ? shown : withinText(shown))
    }
    return { labels }
  }

  function mayRaise(error: string, { sinks }: KnownCall, call: Call, args: readonly Value[], frame: Frame): void {
    const urls = sinks
      .filter(({ kind }) => kind === 'url')
      .flatMap(({ takes }) => takenValues(takes, nothing, args, nothing))
    // Of named arguments the URL is quoted, and not the fields beside it.
    const quoted = args[0]?.type === 'table' ? urls : args.slice(0, 1)
    const labels = quoted.reduce<readonly Label[]>((all, value) => joinLabels(all, shownLabels(value)), [])
    if (!labels.some(({ what }) => what === 'input')) return
    const says = `${call.name} raises ${error} with the whole text in its message when a parameter holds a character such as é`
    raiseWith(error, labels, says, call, frame)
  }

  function quote(
    { error, what }: NonNullable<CallModel['quotes']>,
    call: Call,
    target: Value,
    args: readonly Value[],
    frame: Frame,
  ): void {
    const labels = shownLabels(what === 'receiver' ? target : (args[0] ?? nothing))
    raiseWith(error, labels, `${call.name} raises ${error} with the value in its message`, call, frame)
  }

  function raiseWith(error: string, labels: readonly Label[], says: string, call: Call, frame: Frame): void {
    const raised = labels
      .filter(({ what }) => what === 'key')
      .map((label): Label => ({ ...label, via: { error }, trace: run.step(label.trace, call, frame, says) }))
    if (raised.length > 0) frame.raised.labels = joinLabels(frame.raised.labels, raised)
  }

  function mutate(call: Call, target: Value, added: Value, frame: Frame): void {
    const labels = withinText(shownLabels(added))
    // An object that is put in a list is had from it again.
    if (labels.length === 0 && target.type === 'list' && target.fields && isHolder(added))
      addField(target.fields, '*', added)
    if (labels.length === 0) return
    let { receiver } = call
    // `text << a << b` changes the text twice.
    while (receiver?.kind === 'call' && receiver.name === call.name) receiver = receiver.receiver
    // A list or a dictionary is the same object wherever it is known.
    if (target.fields) addField(target.fields, '*', { labels })
    if (receiver?.kind !== 'read' || receiver.variable.scope === 'constant' || receiver.variable.name === 'self') return
    const present = run.readVariable(receiver.variable, receiver, frame)
    run.writeVariable(receiver.variable, joinValues(present, { labels }), call, true, frame)
  }
}

/** The type of what holds a result, or why there is none. */
const wrapped = 'wrapped'

/** A list of objects of the program, which are asked for what they hold one by one. */
function listOf(item: Value): Value {
  return { labels: [], type: 'list', fields: new Map([['*', item]]) }
}

function resolved(label: Label): Label {
  return label.what === 'input' && label.cleared === undefined ? { ...label, cleared: 'resolved' } : label
}

function typeOf({ type, typeWhere, typeBy }: CallModel, [first]: readonly Value[]): string | undefined {
  if (typeBy && first?.type !== undefined && typeBy[first.type] !== undefined) return typeBy[first.type]
  return typeWhere && !typeWhere.test(first?.text ?? '') ? undefined : type
}

function hold(
  fields: Map<string, Value> | undefined,
  takes: NonNullable<CallModel['holds']>,
  target: Value,
  args: readonly Value[],
): void {
  if (!fields) return
  for (const value of takenValues(takes, target, args, nothing)) {
    const labels = shownLabels(value)
    if (labels.length > 0) addField(fields, '*', { labels })
  }
}

/** What says something of the code even where no request is seen. */
function isWorthTelling(option: Option, value: OptionValue): boolean {
  if (option === 'verification') return value === 'none'
  if (option === 'readTimeout' || option === 'totalTimeout') return value === null
  if (option === 'debugOutput') return value !== '*' && value !== false && value !== null
  return option === 'clientCertificate' || option === 'clientKey'
}

function takeOver({ fields, options }: Value, maker: Value): void {
  for (const [option, value] of maker.options ?? []) options?.set(option, value)
  for (const [key, field] of maker.fields ?? []) if (fields) addField(fields, key, field)
}

/** The labels of an argument that a text is built with, by where in it they stand. */
function placed(model: CallModel, target: Value, index: number, labels: readonly Label[]): readonly Label[] {
  if (model.appends) return leads(target.text ?? '*') ? labels : withinText(labels)
  if (model.joins !== undefined) return index === 0 ? labels : withinText(labels)
  return labels
}

const placeholder = /%[-+0 #]?\d{0,4}(?:\.\d{1,4})?(?:<\w+>)?[a-zA-Z]|%\{\w+\}/g

/** What stands before a place of a pattern, those before it filled. */
function textBefore(pattern: string, index: number, texts: readonly string[]): string {
  const places = [...pattern.matchAll(placeholder)].slice(0, index + 1)
  const last = places[index]
  let next = 0
  return pattern.slice(0, last?.index ?? pattern.length).replace(placeholder, () => texts[next++] ?? '*')
}

/** The entries of a dictionary that a pattern names. */
function filledBy(arg: Value, pattern: string | undefined): Value {
  if (arg.type !== 'table' || !arg.fields || pattern === undefined || pattern.includes('*')) return arg
  const names = new Set([...pattern.matchAll(/%[-+0 #]?\d{0,4}(?:<(\w+)>|\{(\w+)\})/g)].map(([, a, b]) => a ?? b))
  if (names.size === 0) return arg
  return { ...arg, fields: new Map([...arg.fields].filter(([name]) => name === '*' || names.has(name))) }
}

/** The host of a URL, and who chooses it. */
function hostOf({ labels, text }: Value): Value {
  const chosen = labels.filter(({ what, within }) => what === 'input' && !within)
  const host = /^\w+:\/\/([^/?#:*]+)(?:[/?#:]|$)/.exec(text ?? '')?.[1]
  return { labels: chosen, ...(host === undefined ? {} : { text: host }) }
}

function classOf({ type }: Value): Value {
  return type?.startsWith('instance ') ? { labels: [], type: `class ${type.slice(9)}` } : nothing
}

/** Whether what an object holds is for its requests. */
function isHolder({ type }: Value): boolean {
  return type !== undefined && !/^(?:plain|table|list|class .*|instance .*|record class)$/.test(type)
}

function partOf(model: CallModel, target: Value): Value {
  return {
    labels: [],
    ...(model.type === undefined ? {} : { type: model.type }),
    fields: target.fields ?? new Map(),
    options: target.options ?? new Map(),
  }
}

/** The text that fills the places of a pattern, or joins a list, as far as it is constant. */
function builtText(model: CallModel, target: Value, args: readonly Value[]): string | undefined {
  if (model.fills) {
    const [pattern, ...values] = target.text === undefined ? args : [target, ...listed(args)]
    let next = 0
    return pattern?.text?.replace(/%[-+0 #]?\d*(?:\.\d+)?[sdifxp]/g, () => values[next++]?.text ?? '*')
  }
  if (!model.gathers || target.type !== 'list' || !target.fields || target.fields.has('*')) return undefined
  return [...target.fields.values()].map(({ text }) => text ?? '*').join(args[0]?.text ?? '')
}

function listed(args: readonly Value[]): readonly Value[] {
  const [only] = args
  return args.length === 1 && only?.type === 'list' && only.fields ? [...only.fields.values()] : args
}
