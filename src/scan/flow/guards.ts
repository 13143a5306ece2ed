import { type Call, type Expression, partsOf, walk } from '../form.ts'
import type { SourceFile } from '../source-file.ts'
import type { Flow } from './flow-record.ts'
import type { Program } from './program.ts'
import type { Trace } from './value.ts'

/**
 * Whether what an input has chosen was compared with something before it got there: in a test that the code depends on or
 * that is left when it fails, or in a function whose name says that it checks. What it is compared with is not judged.
 */
export function isGuarded(flow: Flow, program: Program): boolean {
  const places: { readonly file: SourceFile; readonly start: number; readonly end: number }[] = [flow]
  for (const { what, trace } of flow.labels)
    if (what === 'input') for (let step: Trace | undefined = trace; step; step = step.before) places.push(step)
  return places.some(({ file, start, end }) => {
    const form = program.files.find(({ path }) => path === file.path)?.form()
    return form !== undefined && isGuardedAt(form, file.text, start, end)
  })
}

function isGuardedAt(form: Expression, text: string, start: number, end: number): boolean {
  let place: Expression | undefined
  let around: Expression | undefined
  walk(form, (expression, enclosing) => {
    if (place || expression.start !== start || expression.end !== end) return
    place = expression
    around = enclosing.find(({ kind }) => kind === 'closure') ?? form
  })
  if (!place || !around) return false
  const meant = meantBy(place, around, text)
  let isFound = false
  walk(around, (expression) => {
    if (isFound || expression.start >= end) return
    if (expression.kind === 'branch') isFound = isGuard(expression, start, end, meant, text)
    else if (expression.kind === 'call' && expression.end <= start && checks.test(expression.name))
      isFound = touches(expression, meant, text)
  })
  return isFound
}

const checks = /allow|valid|check|permit|safe|ensure|verif|guard|assert/i

function isGuard(
  { tests, arms }: Extract<Expression, { kind: 'branch' }>,
  start: number,
  end: number,
  meant: ReadonlySet<string>,
  text: string,
): boolean {
  if (!tests.some((test) => contains(test, (part) => part.kind === 'call' && compares(part, meant, text)))) return false
  const [first] = arms
  if (first && start < first.start && tests.some((test) => test.start <= start && end <= test.end)) return false
  return arms.some(
    (arm) =>
      (arm.start <= start && end <= arm.end) || (arm.end <= start && (leavesEarly(arm) || replaces(arm, meant, text))),
  )
}

function leavesEarly(arm: Expression): boolean {
  return contains(
    arm,
    (part) => part.kind === 'leave' || part.kind === 'throw' || (part.kind === 'call' && part.receiver === undefined),
  )
}

/** `target = '/' unless target.start_with?('/items')`: another value in the place of what was not as it should be. */
function replaces(arm: Expression, meant: ReadonlySet<string>, text: string): boolean {
  return contains(
    arm,
    (part) =>
      part.kind === 'write' &&
      part.variable.scope === 'local' &&
      meant.has(part.variable.name) &&
      !contains(part.value, (inner) => meant.has(nameOf(inner, text))),
  )
}

/** A comparison with something that says more than whether there is a value, or which scheme it has. */
function compares(call: Call, meant: ReadonlySet<string>, text: string): boolean {
  const { args, name } = call
  if (name === '!' || name === '[]' || name === '[]=' || args.length === 0) return false
  const says = (part: Expression | undefined) =>
    !(part?.kind === 'constant' && part.value === null) &&
    !(part?.kind === 'text' && /^(?:https?(?::\/{0,2})?)?$/.test(part.value))
  return args.every(says) && (call.receiver === undefined || says(call.receiver)) && touches(call, meant, text)
}

function touches(call: Call, meant: ReadonlySet<string>, text: string): boolean {
  return partsOf(call).some((part) => contains(part, (inner) => meant.has(nameOf(inner, text))))
}

/** Local variables and entries that a place depends on, over the variables that they are written to. */
function meantBy(place: Expression, around: Expression, text: string): ReadonlySet<string> {
  const meant = new Set<string>()
  const writes: Extract<Expression, { kind: 'write' }>[] = []
  walk(around, (expression) => {
    if (expression.kind === 'write' && expression.variable.scope === 'local') writes.push(expression)
  })
  const add = (expression: Expression) => {
    walk(expression, (part) => {
      const name = nameOf(part, text)
      if (name !== '') meant.add(name)
    })
  }
  add(place)
  let known: number
  do {
    known = meant.size
    for (const { variable, value } of writes) if (meant.has(variable.name)) add(value)
  } while (meant.size > known)
  return meant
}

function nameOf(expression: Expression, text: string): string {
  if (expression.kind === 'read' && expression.variable.scope === 'local' && expression.variable.name !== 'self')
    return expression.variable.name
  const isEntry = expression.kind === 'call' && expression.name === '[]' && expression.receiver !== undefined
  return isEntry ? text.slice(expression.start, expression.end) : ''
}

function contains(root: Expression, accepts: (part: Expression) => boolean): boolean {
  let isFound = false
  walk(root, (part) => {
    isFound ||= accepts(part)
  })
  return isFound
}
