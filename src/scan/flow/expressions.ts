import { keyAt } from '../../keys/kind.ts'
import type { Attempt, Branch, Expression, Throw } from '../form.ts'
import { joinName } from '../survey.ts'
import { type Frame, newFrame } from './frame.ts'
import { literalName } from './key-labels.ts'
import { lastName } from './program.ts'
import { keyText } from './records.ts'
import type { Run } from './run.ts'
import { readsAsUrl, reportedUrl } from './urls.ts'
import { addField, joinLabels, joinValues, type Label, nothing, shownLabels, type Value } from './value.ts'
import { readLocal, writeLocal } from './variables.ts'

/** What expressions other than calls give. */
export function expressionPart(run: Run): Pick<Run, 'evaluate' | 'answer'> {
  const { program } = run
  return { evaluate, answer }

  function evaluate(expression: Expression, frame: Frame): Value {
    if (++run.state.steps > run.stepsMax) return nothing
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
        return run.readVariable(expression.variable, expression, frame)
      case 'write': {
        const value = evaluate(expression.value, frame)
        run.writeVariable(expression.variable, value, expression, frame)
        return value
      }
      case 'call':
        return run.evaluateCall(expression, frame)
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
    const found = run.prefixes.find(
      ({ kind, prefix }) => text.startsWith(prefix) && keyAt(kind, text, 0) === text.length,
    )
    if (!found) return { labels: [], text }
    const name = literalName(found.kind)
    return { labels: [{ what: 'key', name, trace: run.step(undefined, at, frame, name) }] }
  }

  function joinParts(parts: readonly Expression[], at: Expression, frame: Frame): Value {
    let labels: readonly Label[] = []
    let text: string | undefined = ''
    let before = ''
    let inUrl = false
    for (const part of parts) {
      const value = evaluate(part, frame)
      const shown = part.kind === 'text' ? value.labels : run.interpolated(value, part, frame)
      if (shown.some(({ what }) => what === 'key') && readsAsUrl(before)) inUrl = true
      labels = joinLabels(labels, shown)
      text = text === undefined || value.text === undefined ? undefined : text + value.text
      before += value.text ?? '\u0000'
    }
    if (labels.length === 0)
      return text === undefined ? { labels, text: before.replaceAll('\u0000', '*') } : { labels, text }
    labels = run.traced(labels, at, frame, 'built into a string')
    if (!inUrl) return { labels }
    const keys = labels.filter(({ what, inUrl }) => what === 'key' && !inUrl)
    run.emit({ sink: 'url', labels: keys, at, frame, says: 'put in a URL', name: '' })
    return { labels: labels.map(reportedUrl) }
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
        const trace = run.step(
          undefined,
          rescue,
          frame,
          rescue.catches.length === 0 ? 'whatever is raised is caught' : `${rescue.catches.join(', ')} is caught`,
        )
        const about: Label = { what: 'message', name: rescue.catches.join(' '), trace }
        const exception: Value = { labels: [], type: 'exception', thrown: [about, ...caught] }
        const place: Expression & { readonly kind: 'write' } = {
          kind: 'write',
          variable: rescue.variable,
          value: attempt.body,
          adds: false,
          start: rescue.start,
          end: rescue.end,
        }
        run.writeVariable(rescue.variable, exception, place, frame)
      }
      value = joinValues(value, evaluate(rescue.body, frame))
    }
    for (const after of attempt.after) evaluate(after, frame)
    frame.raised.labels = joinLabels(frame.raised.labels, uncaught)
    return value
  }

  function catches(names: readonly string[], error: string | undefined): boolean {
    if (names.length === 0 || error === undefined) return true
    const kin = [error, run.index.parentOf(error)]
    return names.some(
      (name) =>
        kin.some((each) => each !== undefined && lastName(each) === lastName(name)) || program.descends(error, name),
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
          via: { error: expression.error ?? label.via?.error },
          trace: run.step(label.trace, expression, frame, 'raised with it in the message'),
        }),
      )
      if (value.type !== 'exception')
        run.emit({ sink: 'raise', labels, at: expression, frame, says: '', name: 'raise' })
      frame.raised.labels = joinLabels(frame.raised.labels, labels)
    }
    return nothing
  }

  function answer(value: Value, at: Expression, frame: Frame): void {
    if (value.type === 'exception' || value.type?.startsWith('http')) return
    const labels = shownLabels(value)
    if (labels.length > 0) run.emit({ sink: 'response', labels, at, frame, says: 'answered to the client', name: '' })
  }
}
