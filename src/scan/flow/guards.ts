import { limits } from '../../limits.ts'
import { type Expression, partsOf, walk } from '../form.ts'
import type { ProgramEvidence } from '../rule.ts'
import { entryOf } from './entry-of.ts'
import type { Flow } from './flow-record.ts'
import { stepsOf } from './flows-at.ts'
import { type Enclosing, placesIn } from './placed.ts'

/**
 * Whether what an input has chosen was compared with something before it got there: in a test that the code depends on or
 * that is left when it fails, or in a function whose name says that it checks. What it is compared with is not judged.
 */
export function isGuarded(flow: Flow, { program, leavesOut }: Pick<ProgramEvidence, 'program' | 'leavesOut'>): boolean {
  const steps = stepsOf(flow.labels.filter(({ what }) => what === 'input'))
  for (const { file, start, end } of [flow, ...steps]) {
    const form = program.file(file.path)?.form()
    if (form && guardsIn(form, file.text)(start, end, () => leavesOut(`${file.path}: ${manyNames}`))) return true
  }
  return false
}

const manyNames = 'depends on more variables than are looked at for tests'

type AsksForGuard = (start: number, end: number, leavesOut: () => void) => boolean

const guards = new WeakMap<Expression, AsksForGuard>()

/** Many ways go through the same places: each is looked at once. */
function guardsIn(form: Expression, text: string): AsksForGuard {
  const known = guards.get(form)
  if (known) return known
  const places = placesIn(form)
  const byAround = new Map<Expression, Guards>()
  const answers = new Map<string, boolean>()
  const asks: AsksForGuard = (start, end, leavesOut) =>
    entryOf(answers, `${start} ${end}`, () => {
      const [placed] = places.at(start, end)
      if (!placed) return false
      const enclosing = placed.enclosing()
      const index = enclosing.findIndex(({ expression }) => expression.kind === 'closure')
      const around = enclosing[index]?.expression ?? form
      const known = entryOf(byAround, around, () => guardsOf(around, text))
      return isGuardedBy(known, placed.expression, enclosing.slice(index + 1), text, leavesOut)
    })
  guards.set(form, asks)
  return asks
}

/** What stands in a function that may guard something in it, by the names that it looks at. */
interface Guards {
  /** What a local variable depends on. */
  readonly dependsOn: ReadonlyMap<string, ReadonlySet<string>>
  /** Where the first call that checks the name ends. */
  readonly checkedAt: ReadonlyMap<string, number>
  /** Of a branch the names that its tests compare with something. */
  readonly compared: ReadonlyMap<Expression, ReadonlySet<string>>
  /** Where the first arm ends that is left, of a branch that compares the name. */
  readonly leftAt: ReadonlyMap<string, number>
  /** The same for an arm that gives a variable a value that depends on nothing, by variable. */
  readonly replacedAt: ReadonlyMap<string, ReadonlyMap<string, number>>
}

function guardsOf(around: Expression, text: string): Guards {
  const dependsOn = new Map<string, Set<string>>()
  const checkedAt = new Map<string, number>()
  const compared = new Map<Expression, ReadonlySet<string>>()
  const leftAt = new Map<string, number>()
  const replacedAt = new Map<string, Map<string, number>>()
  walk(around, (expression) => {
    if (expression.kind === 'write' && expression.variable.scope === 'local') {
      const names = entryOf(dependsOn, expression.variable.name, () => new Set<string>())
      for (const name of namesIn([expression.value], text)) names.add(name)
    }
    // What a check is given through another one has been checked there.
    if (isCheck(expression))
      for (const name of namesIn(partsOf(expression), text, isCheck)) noteFirst(checkedAt, name, expression.end)
    if (expression.kind !== 'branch') return
    const names = comparedIn(expression.tests, text)
    if (names.size === 0) return
    compared.set(expression, names)
    const left = expression.arms
      .filter(leavesEarly)
      .reduce((least, { end }) => Math.min(least, end), Number.POSITIVE_INFINITY)
    const replaced = replacedIn(expression.arms, text)
    for (const name of names) {
      noteFirst(leftAt, name, left)
      const ofName = entryOf(replacedAt, name, () => new Map<string, number>())
      for (const [variable, end] of replaced) noteFirst(ofName, variable, end)
    }
  })
  return { dependsOn, checkedAt, compared, leftAt, replacedAt }
}

function isGuardedBy(
  { dependsOn, checkedAt, compared, leftAt, replacedAt }: Guards,
  place: Expression,
  enclosing: readonly Enclosing[],
  text: string,
  leavesOut: () => void,
): boolean {
  const meant = namesIn([place], text)
  // A set tells what is added to it while it is gone through.
  for (const name of meant)
    for (const other of dependsOn.get(name) ?? []) if (meant.size < limits.scanGuardNamesMax) meant.add(other)
  if (meant.size >= limits.scanGuardNamesMax) leavesOut()
  const isBefore = (end: number | undefined) => end !== undefined && end <= place.start
  for (const name of meant) {
    if (isBefore(checkedAt.get(name)) || isBefore(leftAt.get(name))) return true
    const replaced = replacedAt.get(name)
    if (replaced) for (const variable of meant) if (isBefore(replaced.get(variable))) return true
  }
  return enclosing.some(
    ({ expression, isArm }) => isArm && [...meant].some((name) => compared.get(expression)?.has(name)),
  )
}

function noteFirst(ends: Map<string, number>, name: string, end: number): void {
  if (end < (ends.get(name) ?? Number.POSITIVE_INFINITY)) ends.set(name, end)
}

const checks = /allow|valid|check|permit|safe|ensure|verif|guard|assert/i

function isCheck(expression: Expression): boolean {
  return expression.kind === 'call' && checks.test(expression.name)
}

function leavesEarly(arm: Expression): boolean {
  return contains(
    arm,
    (part) => part.kind === 'leave' || part.kind === 'throw' || (part.kind === 'call' && part.receiver === undefined),
  )
}

/**
 * `target = '/' unless target.start_with?('/items')`: where arms end that put another value in the place of what was not
 * as it should be. A value that depends on nothing: what it depended on would be meant too.
 */
function replacedIn(arms: readonly Expression[], text: string): ReadonlyMap<string, number> {
  const ends = new Map<string, number>()
  for (const arm of arms)
    walk(arm, (part) => {
      if (part.kind === 'write' && part.variable.scope === 'local' && namesIn([part.value], text).size === 0)
        noteFirst(ends, part.variable.name, arm.end)
    })
  return ends
}

/** What tests compare with something that says more than whether there is a value, or which scheme it has. */
function comparedIn(tests: readonly Expression[], text: string): ReadonlySet<string> {
  const names = new Set<string>()
  const stack = [...tests]
  for (let part = stack.pop(); part; part = stack.pop()) {
    const parts = partsOf(part)
    if (isComparison(part)) for (const name of namesIn(parts, text)) names.add(name)
    else for (const inner of parts) stack.push(inner)
  }
  return names
}

function isComparison(expression: Expression): boolean {
  if (expression.kind !== 'call') return false
  const { args, name, receiver } = expression
  if (name === '!' || name === '[]' || name === '[]=' || args.length === 0) return false
  const says = (part: Expression) =>
    !(part.kind === 'constant' && part.value === null) &&
    !(part.kind === 'text' && /^(?:https?(?::\/{0,2})?)?$/.test(part.value))
  return args.every(says) && (receiver === undefined || says(receiver))
}

/** Local variables and entries that are read, outside of what is left out. */
function namesIn(roots: readonly Expression[], text: string, isLeftOut?: (part: Expression) => boolean): Set<string> {
  const names = new Set<string>()
  const stack = [...roots]
  for (let part = stack.pop(); part; part = stack.pop()) {
    if (isLeftOut?.(part)) continue
    const name = nameOf(part, text)
    if (name !== '') names.add(name)
    for (const inner of partsOf(part)) stack.push(inner)
  }
  return names
}

function nameOf(expression: Expression, text: string): string {
  if (expression.kind === 'read' && expression.variable.scope === 'local' && expression.variable.name !== 'self')
    return expression.variable.name
  const isEntry = expression.kind === 'call' && expression.name === '[]' && expression.receiver !== undefined
  // Entries of entries of entries would be as many long texts.
  const isShort = expression.end - expression.start <= limits.scanBuiltTextMax
  return isEntry && isShort ? text.slice(expression.start, expression.end) : ''
}

function contains(root: Expression, accepts: (part: Expression) => boolean): boolean {
  let isFound = false
  walk(root, (part) => {
    isFound ||= accepts(part)
  })
  return isFound
}
