import { keyAt } from '../../keys/kind.ts'
import type { Attempt, Branch, Expression, Rescue, Throw } from '../form.ts'
import { joinName, lastName } from '../survey.ts'
import { withoutVariable } from './checks.ts'
import { type EnvironmentWords, plainWords, wheresOfArms } from './environments.ts'
import { type Frame, newFrame } from './frame.ts'
import { spreadItems } from './items.ts'
import { literalName } from './key-labels.ts'
import { masksCharacters } from './masks.ts'
import { armsLeftOut, jointTest, masksByPattern, withoutSecrets } from './name-tests.ts'
import { keyText } from './records.ts'
import type { Run } from './run.ts'
import { isUntoldKey, leads, readsAsUrl, toldUrl } from './urls.ts'
import {
  addField,
  boundedText,
  joinLabels,
  joinValues,
  type Label,
  nothing,
  shownLabels,
  type Value,
  withinText,
} from './value.ts'
import { joinArms, readLocal, writeLocal, writesByName } from './variables.ts'

const noArms: ReadonlySet<number> = new Set()

const literals = new Map<number | boolean | null, Value>([
  [true, { labels: [], literal: true }],
  [false, { labels: [], literal: false }],
  [null, { labels: [], literal: null }],
])

/** What expressions other than calls give. */
export function expressionPart(run: Run): Pick<Run, 'evaluate' | 'answer'> {
  const { program, state } = run
  return { evaluate, answer }

  function evaluate(expression: Expression, frame: Frame): Value {
    if (++state.steps > state.stepsMax || (state.isTrial && state.touched)) return nothing
    const { kind } = expression
    let value = evaluateKind(expression, frame)
    if (value.labels.length > 0 && (kind === 'call' || kind === 'read'))
      value = run.withoutChecked(value, expression, frame)
    if (kind === 'call' || kind === 'branch') run.noteChecks(expression, frame)
    if (frame.tails?.has(expression)) answer(value, expression, frame)
    return value
  }

  function evaluateKind(expression: Expression, frame: Frame): Value {
    switch (expression.kind) {
      case 'text':
        return textValue(expression.value, expression, frame)
      case 'constant': {
        const { value } = expression
        if (value === 'pattern') return nothing
        return typeof value === 'number' ? { labels: [], literal: value } : (literals.get(value) ?? nothing)
      }
      case 'join':
        return joinParts(expression.parts, expression, frame)
      case 'list': {
        const fields = new Map<string, Value>()
        for (const item of expression.items) {
          const value = evaluate(item, frame)
          const items = item.kind === 'spread' ? spreadItems(value) : [value]
          for (const each of items) fields.set(String(fields.size), each)
        }
        return { labels: [], type: 'list', fields }
      }
      case 'spread':
        return evaluate(expression.value, frame)
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
        frame.checked = withoutVariable(frame.checked, expression.variable.name)
        run.noteKept(expression, frame)
        run.writeVariable(expression.variable, value, expression, expression.adds, frame)
        if (!expression.adds) return value
        // `@key ||= …` gives what is there too.
        const { scope } = expression.variable
        return scope === 'local' || scope === 'constant'
          ? joinValues(
              value,
              scope === 'local' ? (readLocal(frame.variables, expression.variable.name) ?? nothing) : nothing,
            )
          : joinValues(value, run.readVariable(expression.variable, expression, frame))
      }
      case 'call':
        return run.evaluateCall(expression, frame)
      case 'closure': {
        const { variables, where } = frame
        return { labels: [], closure: { closure: expression, frame, variables, where } }
      }
      case 'define':
        return { labels: [], type: 'plain', text: expression.name }
      case 'scope': {
        const { file, depth, where } = frame
        const owner = joinName(frame.owner, expression.name)
        const framework = program.frameworkOf(owner)
        evaluate(expression.body, newFrame({ file, owner, onScope: true, context: owner, framework, depth, where }))
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
    if (text.length < 12) return { labels: [], text }
    const found = run.prefixes.find(
      ({ kind, prefix }) => text.startsWith(prefix) && keyAt(kind, text, 0) === text.length,
    )
    if (!found) return { labels: [], text }
    const name = literalName(found.kind)
    return { labels: [run.label('key', name, at, frame, name)] }
  }

  function joinParts(parts: readonly Expression[], at: Expression, frame: Frame): Value {
    let labels: readonly Label[] = []
    let text = ''
    let inUrl = false
    for (const part of parts) {
      const value = evaluate(part, frame)
      const shown = part.kind === 'text' ? value.labels : run.interpolated(value, part, frame)
      if (shown.some(isUntoldKey) && readsAsUrl(text)) inUrl = true
      labels = joinLabels(labels, leads(text) ? shown : withinText(shown))
      text = boundedText(text + (value.text ?? '*'))
    }
    if (labels.length === 0) return { labels, text }
    labels = run.traced(labels, at, frame, 'built into a string')
    if (!inUrl) return { labels, text }
    const keys = labels.filter(({ what, told }) => (what === 'key' || what === 'credential') && told === undefined)
    run.emit({ sink: 'url', labels: keys, at, frame, says: 'put in a URL', name: '' })
    return { labels: labels.map(toldUrl), text }
  }

  function evaluateBranch(branch: Branch, frame: Frame): Value {
    let value = nothing
    const words: EnvironmentWords = frame.framework ?? plainWords
    // Of `a && b` only b matters: where the value is a, it is nil or false.
    const tested = branch.tests.map((test) => evaluate(test, frame))
    const leftOut = tested.some(({ isName }) => isName) ? armsLeftOut(tested, branch.arms.length) : noArms
    const given: Value[] = []
    const { variables, where, checked } = frame
    const written: Map<string, Value>[] = []
    const wheres = branch.tests.length > 0 ? wheresOfArms(branch.tests, branch.arms.length, words) : []
    for (const [index, arm] of branch.arms.entries()) {
      const armWhere = where & (wheres[index] ?? where)
      // What never runs gives nothing.
      if (armWhere === 0 || leftOut.has(index)) continue
      const own = new Map<string, Value>()
      frame.variables = { own, outer: variables, isArm: true }
      frame.where = armWhere
      frame.checked = run.checksFor(branch, index, frame)
      const armValue = evaluate(arm, frame)
      given.push(armValue)
      value = joinValues(value, armValue)
      written.push(own)
      frame.checked = checked
    }
    frame.variables = variables
    frame.where = where
    const mayTakeNone = branch.arms.length === branch.tests.length
    for (const [name, values] of writesByName(written)) {
      const before = readLocal(variables, name) ?? nothing
      writeLocal(variables, name, joinArms(values, written.length, before, mayTakeNone ? before : nothing), false)
    }
    const joint = jointTest(branch, tested, given)
    if (joint) return joint
    return masksByPattern(branch, tested) || masksCharacters(branch) ? withoutSecrets(value) : value
  }

  function evaluateAttempt(attempt: Attempt, frame: Frame): Value {
    const outer = frame.raised
    const { handled } = frame
    const raised = { labels: [] as readonly Label[] }
    frame.raised = raised
    let value = evaluate(attempt.body, frame)
    frame.raised = outer
    let uncaught = raised.labels
    for (const rescue of attempt.rescues) {
      const caught = raised.labels.filter(({ via }) => catches(rescue.catches, via?.error))
      // What a wider clause catches for certain does not go on.
      uncaught = uncaught.filter((label) => !caught.includes(label))
      const exception = caughtException(rescue, caught, frame)
      frame.handled = exception
      if (rescue.variable) run.writeVariable(rescue.variable, exception, rescue, false, frame)
      value = joinValues(value, evaluate(rescue.body, frame))
    }
    frame.handled = handled
    for (const after of attempt.after) evaluate(after, frame)
    frame.raised.labels = joinLabels(frame.raised.labels, uncaught)
    return value
  }

  function caughtException(rescue: Rescue, caught: readonly Label[], frame: Frame): Value {
    const what = rescue.catches.length === 0 ? 'whatever is raised' : rescue.catches.join(', ')
    const about = run.label('message', rescue.catches.join(' '), rescue, frame, `${what} is caught`)
    return { labels: [], type: 'exception', thrown: [about, ...caught] }
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
    const values = expression.values.map((given) => evaluate(given, frame))
    // Raised again as it is.
    if (values.length === 0 && expression.error === undefined && frame.handled) values.push(frame.handled)
    const own = expression.error === undefined ? undefined : ownMessage(expression.error, values, expression, frame)
    for (const given of own ? [own] : values) {
      const made = given.type?.startsWith('instance ') ? given.type.slice(9) : undefined
      const value = made === undefined ? given : messageOf(made, given, expression, frame)
      const shown = value.type === 'exception' ? (value.thrown ?? []) : shownLabels(value)
      const keys = shown.filter(({ what }) => what === 'key' || what === 'settings' || what === 'credential')
      if (keys.length === 0) continue
      const labels = keys.map(
        (label): Label => ({
          ...label,
          via: { error: expression.error ?? made ?? label.via?.error },
          trace: run.step(label.trace, expression, frame, 'raised with it in the message'),
        }),
      )
      if (value.type !== 'exception')
        run.emit({ sink: 'raise', labels, at: expression, frame, says: '', name: 'raise' })
      frame.raised.labels = joinLabels(frame.raised.labels, labels)
    }
    return nothing
  }

  /** Of an exception that was made before it is raised. */
  function messageOf(owner: string, self: Value, at: Throw, frame: Frame): Value {
    const message = program.method(owner, 'message')
    const { start, end } = at
    if (!message) return run.readCell(run.cell('other', owner, 'message')) ?? nothing
    const call = { kind: 'call', name: 'message', args: [], nameStart: start, start, end } as const
    return run.invoke(message, { owner, onScope: false, self }, [], undefined, call, frame)
  }

  /** The message of an exception of the program's own, made from what it is given; undefined where it takes it as it is. */
  function ownMessage(error: string, values: readonly Value[], at: Throw, frame: Frame): Value | undefined {
    const owner = program.resolve(error, frame.owner)
    const maker = owner === undefined ? undefined : program.method(owner, 'new')
    const message = owner === undefined ? undefined : program.method(owner, 'message')
    if (owner === undefined || (!maker && !message)) return undefined
    const self = { owner, onScope: false, self: { labels: [], type: `instance ${owner}`, fields: new Map() } }
    const { start, end } = at
    const call = { kind: 'call', name: error, args: at.values, nameStart: start, start, end } as const
    if (maker) run.invoke(maker, self, values, undefined, call, frame)
    if (message) return run.invoke(message, self, [], undefined, { ...call, args: [] }, frame)
    return run.readCell(run.cell('other', owner, 'message')) ?? nothing
  }

  function answer(value: Value, at: Expression, frame: Frame): void {
    if (value.type === 'exception' || value.type?.startsWith('http')) return
    if (value.type === 'list' && value.fields?.size === 3) {
      answerInThree(value.fields, at, frame)
      return
    }
    if (frame.answersInThree) return
    const items = value.type?.startsWith('instance ') ? run.yielded(value, at, frame) : undefined
    const shown = run.interpolated(value, at, frame)
    const labels = (items ? joinLabels(shown, run.interpolated(items, at, frame)) : shown).filter(
      ({ told }) => told !== 'template',
    )
    if (labels.length > 0) run.emit({ sink: 'response', labels, at, frame, says: 'answered to the client', name: '' })
  }

  /** Status, fields and body. */
  function answerInThree(items: ReadonlyMap<string, Value>, at: Expression, frame: Frame): void {
    for (const [index, sink, says] of partsOfAnswer) {
      const place = at.kind === 'list' ? (at.items[index] ?? at) : at
      const shown = run.interpolated(items.get(String(index)) ?? nothing, place, frame)
      const labels = shown.filter(({ told }) => told !== 'template')
      if (labels.length > 0) run.emit({ sink, labels, at: place, frame, says, name: '' })
    }
  }
}

const partsOfAnswer = [
  [1, 'field', 'answered to the client in a field'],
  [2, 'response', 'answered to the client'],
] as const
