import type { Call, Expression } from '../form.ts'
import type { CallModel } from '../model.ts'
import type { Frame } from './frame.ts'
import { isMasking } from './masks.ts'
import { recordClass } from './records.ts'
import type { Run } from './run.ts'
import { keysPutInUrl, reportedUrl } from './urls.ts'
import { entryLabels, joinLabels, joinValues, type Label, nothing, shownLabels, type Value } from './value.ts'

/** What a library’s call does, as its model says. */
export function modelPart(
  run: Run,
): Pick<Run, 'applyModel' | 'failure' | 'failureLabel' | 'shownOfException' | 'interpolated'> {
  return { applyModel, failure, failureLabel, shownOfException, interpolated }

  function applyModel(
    model: CallModel,
    call: Call,
    target: Value,
    args: readonly Value[],
    block: Value | undefined,
    frame: Frame,
  ): Value {
    const reading: Value = model.reads === 'all' ? wholeEnvironment(call, frame) : target
    const blockValue = block ? run.runBlock(block, reading, model.blockTakes) : nothing
    if (model.makesRecord) return recordClass(args)
    if (model.sink) drain(model, call, args, blockValue, frame)
    if (model.raises !== undefined) mayRaise(model.raises, call, args, frame)
    let value = nothing
    if (model.reads) value = joinValues(value, readEnvironment(model.reads, call, args, blockValue, frame))
    if (model.shows)
      value = joinValues(value, { labels: shownOfException(target, model.shows, call, frame), type: 'plain' })
    // A mask takes the key out of a text; the first items of a list are whole.
    if (!target.fields && isMasking(model, call, args)) {
      return { labels: target.labels.filter(({ what }) => what !== 'key') }
    }
    const built = keysPutInUrl(model, call, target, args)
    if (built.length > 0) run.emit({ sink: 'url', labels: built, at: call, frame, says: 'put in a URL', name: '' })
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
    if (model.appends && !model.mutates && value.labels.length === 0)
      value = { ...value, text: `${target.text ?? '*'}${args[0]?.text ?? '*'}` }
    if (model.mutates) for (const arg of args) mutate(call, arg, frame)
    if (model.input)
      value = joinValues(value, {
        labels: [
          {
            what: 'input',
            name: call.name,
            trace: run.step(undefined, call, frame, 'chosen by whoever sends the request'),
          },
        ],
      })
    if (model.escapes) value = { ...value, labels: value.labels.filter(({ what }) => what !== 'input') }
    return model.type === undefined ? value : { ...value, type: model.type, fields: value.fields ?? new Map() }
  }

  function wholeEnvironment(at: Expression, frame: Frame): Value {
    const name = 'every variable of the environment'
    return { labels: [{ what: 'key', name, trace: run.step(undefined, at, frame, `${name} is read`) }] }
  }

  function failure(at: Expression, frame: Frame): Value {
    const thrown = [failureLabel(at, frame), ...(run.cells.get('uncaught')?.labels ?? [])]
    return { labels: [], type: 'exception', thrown }
  }

  function failureLabel(at: Expression, frame: Frame): Label {
    return {
      what: 'message',
      name: '',
      trace: run.step(undefined, at, frame, 'whatever a request raised'),
    }
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
    if (labels.length > 0) run.emit({ sink: kind, labels, at: call, frame, says, name: call.name })
  }

  function mayRaise(error: string, call: Call, args: readonly Value[], frame: Frame): void {
    const labels = args.length > 0 ? shownLabels(args[0] ?? nothing) : []
    if (!labels.some(({ what }) => what === 'input')) return
    const keys = labels.filter(({ what }) => what === 'key')
    if (keys.length === 0) return
    const says = `${call.name} raises ${error} with the whole text in its message when a parameter holds a character such as é`
    const raised = keys.map(
      (label): Label => ({ ...label, via: { error }, trace: run.step(label.trace, call, frame, says) }),
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
      if (name === undefined || !run.knowledge.isSecretName(name)) return nothing
      return {
        labels: [
          { what: 'key', name, trace: run.step(undefined, call, frame, `${name} is read from the environment`) },
        ],
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
    return value.type === 'exception' ? shownOfException(value, ['message'], at, frame) : shownLabels(value)
  }

  function mutate(call: Call, added: Value, frame: Frame): void {
    const { receiver } = call
    const labels = shownLabels(added)
    if (labels.length === 0 || receiver?.kind !== 'read' || receiver.variable.scope === 'constant') return
    const present = run.readVariable(receiver.variable, receiver, frame)
    const place: Expression & { readonly kind: 'write' } = {
      kind: 'write',
      variable: receiver.variable,
      value: receiver,
      adds: true,
      start: call.start,
      end: call.end,
    }
    if (receiver.variable.name !== 'self')
      run.writeVariable(receiver.variable, joinValues(present, { labels }), place, frame)
  }
}
