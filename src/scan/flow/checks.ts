import type { Branch, Call, Expression, Write } from '../form.ts'
import { plainWords, whereNotLeft } from './environments.ts'
import type { Frame } from './frame.ts'
import { admits, keepsFewSigns, removesLineEnds, removesParents } from './patterns.ts'
import type { Method } from './program.ts'
import type { Run } from './run.ts'
import { type Label, type Value, withLabels } from './value.ts'

/**
 * What a test has shown of what the client sends: it is one of what the program knows (`any`), it cannot leave its folder
 * (`path`), or it begins with the folder, which is good for a path that has been made absolute (`prefix`). Of a text out
 * of which characters were taken also: it holds no end of a line (`line`). Of a part of a path: it holds no `..` (`parents`).
 */
export type Shown = 'any' | 'path' | 'prefix' | 'line' | 'parents'

/** By the shape of an expression: what has been shown of it on the way to the code that is being run. */
export type Checked = ReadonlyMap<string, Shown>

interface Check {
  readonly shape: string
  readonly shown: Shown
}

/** A check of one of a function's parameters. */
interface ParameterCheck {
  readonly position: number
  readonly shown: Shown
}

const membership = new Set(['include?', 'member?', 'key?', 'has_key?', 'cover?', 'exclude?'])
const equality = new Set(['==', '===', 'eql?', 'equal?'])
const matching = new Set(['match?', 'match', '=~', '==='])
const transparent = new Set(['to_s', 'to_str', 'to_sym', 'strip', 'downcase', 'chomp', 'freeze', 'dup', 'itself'])
/** Tests before an arm that are looked at: of very many the nearest. */
const testsBeforeMax = 32
const callsDeepMax = 3

/** Tests that stand between what a client sends and what is done with it. */
export function checkPart(run: Run): Pick<Run, 'withoutChecked' | 'noteChecks' | 'noteKept' | 'checksFor'> {
  const { program, index } = run
  const asserted = new Map<Method, readonly ParameterCheck[]>()
  const kept = new Map<string, string>()
  return { withoutChecked, noteChecks, noteKept, checksFor }

  /** A value in a variable of the form's own is what it was read from. */
  function noteKept({ variable: { name }, value }: Write, { file }: Frame): void {
    const shape = name.startsWith('%') ? shapeOf(value) : undefined
    if (shape !== undefined) kept.set(`${file.path} ${name}`, shape)
  }

  function joined(checks: readonly Check[], { checked, file }: Frame): Checked {
    if (checks.length === 0) return checked
    const all = new Map(checked)
    for (const { shape, shown } of checks)
      for (const each of [shape, kept.get(`${file.path} ${shape}`)])
        if (each !== undefined && all.get(each) !== 'any') all.set(each, shown)
    return all
  }

  /** The value as far as no check has shown it to be harmless. */
  function withoutChecked(value: Value, expression: Expression, frame: Frame): Value {
    if (!value.labels.some(({ what }) => what === 'input')) return value
    const shape = frame.checked.size > 0 ? shapeOf(expression) : undefined
    const shown = (shape === undefined ? undefined : frame.checked.get(shape)) ?? cleansed(expression, frame)
    return shown === undefined
      ? value
      : withLabels(
          value,
          value.labels.flatMap((label) => lessen(label, shown)),
        )
  }

  /** What is known in an arm of a branch. */
  function checksFor(branch: Branch, arm: number, frame: Frame): Checked {
    const checks: Check[] = []
    for (let before = Math.max(0, arm - testsBeforeMax); before < arm; before++)
      checks.push(...checksOf(branch.tests[before], false, frame, 0))
    checks.push(...checksOf(branch.tests[arm], true, frame, 0))
    return joined(checks, frame)
  }

  /** Notes what is known from here on: what would have left the function has not. */
  function noteChecks(expression: Expression, frame: Frame): void {
    const checks = expression.kind === 'branch' ? checksAfter(expression, frame, 0) : checksByCall(expression, frame)
    if (checks.length > 0) frame.checked = joined(checks, frame)
    if (expression.kind === 'branch') frame.where &= whereNotLeft(expression, leaves, frame.framework ?? plainWords)
  }

  function checksAfter({ tests, arms }: Branch, frame: Frame, depth: number): readonly Check[] {
    const [first, second] = arms
    if (tests.length === 0) return first && second && leaves(second) ? checksOf(first, true, frame, depth) : []
    const checks: Check[] = []
    for (const [position, test] of tests.entries()) {
      const arm = arms[position]
      if (arm && leaves(arm)) checks.push(...checksOf(test, false, frame, depth))
    }
    const rest = arms[tests.length]
    if (tests.length === 1 && rest && leaves(rest)) checks.push(...checksOf(tests[0], true, frame, depth))
    return checks
  }

  function leaves(arm: Expression): boolean {
    switch (arm.kind) {
      case 'leave':
      case 'throw':
        return true
      case 'sequence':
        return arm.body.some(leaves)
      case 'call':
        return index.leaves(arm.name)
      case 'branch':
        return arm.arms.length > arm.tests.length && arm.arms.every(leaves)
      default:
        return false
    }
  }

  /** `check_name(params[:name])` has left where the name was none of those it knows. */
  function checksByCall(call: Expression, frame: Frame): readonly Check[] {
    if (call.kind !== 'call' || call.receiver || call.args.length === 0) return []
    const method = program.method(frame.owner, call.name)
    if (!method) return []
    let checks = asserted.get(method)
    if (!checks) {
      checks = assertedBy(method, frame)
      asserted.set(method, checks)
    }
    return onArguments(checks, call)
  }

  function assertedBy(method: Method, frame: Frame): readonly ParameterCheck[] {
    const closure = run.units.closureOf(method)
    const file = run.units.sourceOf(method.file)
    if (!closure || !file) return []
    const inner: Frame = { ...frame, file }
    const statements = closure.body.kind === 'sequence' ? closure.body.body : [closure.body]
    const checks = statements.flatMap((part) => (part.kind === 'branch' ? checksAfter(part, inner, 1) : []))
    return onParameters(checks, closure.params)
  }

  function checksOf(test: Expression | undefined, holds: boolean, frame: Frame, depth: number): readonly Check[] {
    if (!test || depth > callsDeepMax) return []
    const of = (part: Expression | undefined, does: boolean) => checksOf(part, does, frame, depth)
    switch (test.kind) {
      case 'write':
        return of(test.value, holds)
      case 'sequence':
        return of(test.body.at(-1), holds)
      case 'other':
        return holds ? sharedBy(test.parts.map((part) => of(part, true))) : []
      case 'branch':
        if (test.arms.length === 1 && test.tests.length === 1)
          return holds ? [...of(test.tests[0], true), ...of(test.arms[0], true)] : []
        if (test.tests.length > 0) return []
        return holds ? sharedBy(test.arms.map((arm) => of(arm, true))) : test.arms.flatMap((arm) => of(arm, false))
      case 'call':
        if (test.name === '!') return of(test.receiver, !holds)
        return checksOfCall(test, holds, frame, depth)
      default:
        return []
    }
  }

  function checksOfCall(call: Call, holds: boolean, frame: Frame, depth: number): readonly Check[] {
    const { name, receiver, args, block } = call
    const [first] = args
    if (name === '!=' || name === '!~' || name === 'exclude?')
      return checksOfCall({ ...call, name: opposites[name] }, !holds, frame, depth)
    const pattern = [receiver, first].find(isPattern)
    if (matching.has(name) && pattern)
      return patternChecks(pattern, pattern === receiver ? first : receiver, holds, frame)
    if (receiver && first && membership.has(name)) {
      if (first.kind === 'text') return !holds && /^(?:\.\.|\/)/.test(first.value) ? shapes(receiver, 'path') : []
      return holds ? shapes(first, 'any') : []
    }
    if (!holds) return []
    if (name === 'in?' && receiver) return shapes(receiver, 'any')
    if (name === 'any?' && block?.kind === 'closure') return checksOf(block.body, true, frame, depth + 1)
    if (equality.has(name) && receiver && first)
      return isKnown(receiver) ? shapes(first, 'any') : isKnown(first) ? shapes(receiver, 'any') : bothShapes(call)
    if (name === 'start_with?' && receiver && first && args.every((arg) => endsWithSeparator(arg, frame)))
      return shapes(receiver, 'prefix')
    return receiver ? [] : checksOfPredicate(call, frame, depth)
  }

  /** `known?(name)`, a function of the program whose last expression is the test. */
  function checksOfPredicate(call: Call, frame: Frame, depth: number): readonly Check[] {
    const method = program.method(frame.owner, call.name)
    const closure = method && run.units.closureOf(method)
    const file = method && run.units.sourceOf(method.file)
    if (!closure || !file) return []
    const checks = checksOf(closure.body, true, { ...frame, file }, depth + 1)
    return onArguments(onParameters(checks, closure.params), call)
  }

  function patternChecks(
    pattern: Expression,
    subject: Expression | undefined,
    holds: boolean,
    frame: Frame,
  ): readonly Check[] {
    if (!subject) return []
    // A constant is a pattern that somebody has thought about.
    if (pattern.kind === 'read') return holds ? shapes(subject, 'any') : []
    const { whole, separators, parents } = admits(frame.file.text.slice(pattern.start, pattern.end))
    if (holds) return whole && !separators ? shapes(subject, 'any') : whole && !parents ? shapes(subject, 'path') : []
    return !whole && (parents || separators) ? shapes(subject, 'path') : []
  }

  function endsWithSeparator(expression: Expression, frame: Frame): boolean {
    const last =
      expression.kind === 'join'
        ? expression.parts.at(-1)
        : expression.kind === 'call' && expression.name === '+'
          ? expression.args[0]
          : expression
    if (last?.kind === 'read' && /(?:^|::)(?:ALT_)?SEPARATOR$/i.test(last.variable.name)) return true
    return run.evaluate(expression, frame).text?.endsWith('/') === true
  }
}

/** What is left of a text when characters are taken out of it: `gsub(/[^\w-]/, '')`, `delete('/')`. */
function cleansed(expression: Expression, { file }: Frame): Shown | undefined {
  if (expression.kind !== 'call') return undefined
  const [first, second] = expression.args
  if (!first) return undefined
  const written = first.kind === 'constant' && first.value === 'pattern' ? file.text.slice(first.start, first.end) : ''
  const removed = first.kind === 'text' ? first.value : ''
  switch (expression.name) {
    case 'gsub':
    case 'gsub!':
      if (second?.kind !== 'text' || /[./\\]/.test(second.value)) return undefined
      if (written !== '' && removesLineEnds(written)) return /[\r\n]/.test(second.value) ? undefined : 'line'
      if (written !== '') return keepsFewSigns(written) ? 'any' : removesParents(written) ? 'path' : undefined
      if (removed === '\n') return 'line'
      return ['..', '/', '.'].includes(removed) ? 'path' : undefined
    case 'tr':
    case 'delete':
    case 'delete!':
      if (expression.name === 'tr' && (second?.kind !== 'text' || /[./\\]/.test(second.value))) return undefined
      if (removed.startsWith('^')) return /[/]|\W-\W/.test(removed) ? undefined : 'any'
      if (/\n|\\n/.test(removed)) return 'line'
      return removed.includes('/') ? 'path' : undefined
    case '[]':
    case 'slice':
    case 'match':
    case 'scan':
      return written !== '' && !admits(written).separators ? 'any' : undefined
    default:
      return undefined
  }
}

const opposites = { '!=': '==', '!~': '=~', 'exclude?': 'include?' } as const

/** The checks without those of a variable that has been given another value. */
export function withoutVariable(checked: Checked, name: string): Checked {
  if (checked.size === 0) return checked
  const left = new Map([...checked].filter(([shape]) => !shape.split(/[^\w@$]+/).includes(name)))
  return left.size === checked.size ? checked : left
}

function lessen(label: Label, shown: Shown): readonly Label[] {
  if (label.what !== 'input') return [label]
  if (shown === 'any') return []
  if (shown === 'line') return [{ ...label, lineEnds: 'none' }]
  if (shown === 'parents') return [label.cleared === undefined ? { ...label, cleared: 'parents' } : label]
  if (shown === 'prefix' && label.cleared === undefined) return [label]
  return [{ ...label, cleared: 'path' }]
}

/** What all of them say. */
function sharedBy(lists: readonly (readonly Check[])[]): readonly Check[] {
  const [first = [], ...others] = lists
  return first.filter(({ shape }) => others.every((list) => list.some((other) => other.shape === shape)))
}

function shapes(expression: Expression, shown: Shown): readonly Check[] {
  const shape = shapeOf(expression)
  return shape === undefined ? [] : [{ shape, shown }]
}

function bothShapes({ receiver, args }: Call): readonly Check[] {
  return [receiver, ...args].flatMap((side) => (side?.kind === 'read' ? shapes(side, 'any') : []))
}

/** Two expressions of one shape are the same as long as no variable in them is given another value. */
function shapeOf(expression: Expression, depth = 0): string | undefined {
  if (depth > 4) return undefined
  if (expression.kind === 'read') return expression.variable.name
  if (expression.kind !== 'call' || expression.block) return undefined
  const { receiver, name, args } = expression
  const before = receiver ? shapeOf(receiver, depth + 1) : ''
  if (before === undefined) return undefined
  if (receiver && transparent.has(name) && args.length === 0) return before
  let given = ''
  for (const arg of args) {
    if (arg.kind !== 'text') return undefined
    given += `"${arg.value}"`
  }
  return `${before}.${name}(${given})`
}

function isPattern(expression: Expression | undefined): boolean {
  if (expression?.kind === 'constant') return expression.value === 'pattern'
  return (
    expression?.kind === 'read' &&
    expression.variable.scope === 'constant' &&
    /PATTERN|REGEXP?|FORMAT|RE$|VALID|SAFE|SLUG/.test(expression.variable.name)
  )
}

/** Known to the program whatever is sent. */
function isKnown(expression: Expression): boolean {
  const { kind } = expression
  if (kind === 'list') return expression.items.every((item) => isKnown(item) || isConstant(item))
  return kind === 'text' || kind === 'constant'
}

function isConstant(expression: Expression): boolean {
  return expression.kind === 'read' && expression.variable.scope === 'constant'
}

function onParameters(
  checks: readonly Check[],
  params: readonly { readonly name: string; readonly taken: string }[],
): readonly ParameterCheck[] {
  return checks.flatMap(({ shape, shown }) => {
    const position = params.findIndex(({ name, taken }) => taken === 'position' && name === shape)
    return position === -1 ? [] : [{ position, shown }]
  })
}

function onArguments(checks: readonly ParameterCheck[], { args }: Call): readonly Check[] {
  return checks.flatMap(({ position, shown }) => {
    const arg = args[position]
    return arg ? shapes(arg, shown) : []
  })
}
