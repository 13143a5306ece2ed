import type { Branch, Call, Expression } from '../form.ts'
import type { Framework } from '../model.ts'

/** Environments that a program may run in, as bits; `unset`: no variable names one. */
const environments = { production: 1, development: 2, test: 4, other: 8, unset: 16 } as const

export const everywhere = 31

/** Where code inside a gate runs. */
export type Where = number

/** What `Framework` says about the tests of an environment, for code of no framework too. */
export type EnvironmentWords = Pick<Framework, 'environmentTests' | 'environmentUnset' | 'configures'>

/** Code of no framework asks the process's environment, which says nothing where it is not set. */
export const plainWords: EnvironmentWords = {
  environmentTests: { 'production?': 'production', 'development?': 'development', 'test?': 'test', 'local?': 'local' },
  environmentUnset: 'development',
  configures: [],
}

/** Whether code that holds there runs in production. */
export function holdsInProduction(where: Where): boolean {
  return includesEnvironment(where, 'production')
}

function includesEnvironment(where: Where, environment: keyof typeof environments): boolean {
  return (where & environments[environment]) !== 0
}

/** `only in production`; undefined for code that runs everywhere. */
export function whereInWords(where: Where): string | undefined {
  const named = where & 15
  if (where === everywhere) return undefined
  const list = namesOf(named)
  if (named === 15) return 'only where a variable names the environment'
  const without = namesOf(15 & ~named)
  if (without.length < list.length) {
    return (where & environments.unset) === 0
      ? `only where a variable names the environment, and not ${joined(without)}`
      : `everywhere but in ${joined(without)}`
  }
  if (list.length === 0) return 'only where no variable names the environment'
  const unset = (where & environments.unset) !== 0 ? ', which it is in too when no variable names the environment' : ''
  return `only in ${joined(list)}${unset}`
}

function namesOf(bits: number): string[] {
  const names: string[] = []
  for (const [name, bit] of Object.entries(environments)) {
    if ((bits & bit) === 0 || name === 'unset') continue
    names.push(name === 'other' ? 'other environments' : name)
  }
  return names
}

function joined(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last
}

/** Where the arm of a branch runs, as far as its test speaks of the environment. */
function whereTrue(test: Expression, words: EnvironmentWords): Where | undefined {
  if (test.kind === 'branch') {
    // `a && b` is one arm with a test; `a || b` is two arms without.
    const [first] = test.tests
    const sides = [...(first ? [first] : []), ...test.arms].map((side) => whereTrue(side, words))
    if (first) return sides.reduce((all, side) => (side === undefined ? all : all === undefined ? side : all & side))
    return sides.reduce((any, side) => (side === undefined || any === undefined ? undefined : any | side))
  }
  if (test.kind !== 'call') return undefined
  const { name, receiver, args } = test
  if (name === '!' && receiver) return complement(whereTrue(receiver, words))
  const own = words.environmentTests[name]
  if (own !== undefined && args.length === 0) return whereNamed(own, words.environmentUnset)
  const [compared] = args
  if ((name === '==' || name === '!=' || name === 'eql?') && receiver && compared) {
    const text = receiver.kind === 'text' ? receiver : compared.kind === 'text' ? compared : undefined
    const other = text === receiver ? compared : receiver
    if (!text || !mentionsEnvironment(other)) return undefined
    const same = whereNamed(text.value, unsetMeans(other, words))
    return name === '!=' ? complement(same) : same
  }
  if (name === 'include?' && receiver?.kind === 'list' && compared && mentionsEnvironment(compared)) {
    let where = 0
    for (const item of receiver.items) {
      if (item.kind !== 'text') return undefined
      where |= whereNamed(item.value, unsetMeans(compared, words))
    }
    return where
  }
  return undefined
}

function complement(where: Where | undefined): Where | undefined {
  return where === undefined ? undefined : everywhere & ~where
}

/** Where the block of `configure :development, :test` runs. */
export function whereConfigured(call: Call, words: EnvironmentWords): Where | undefined {
  if (!words.configures.includes(call.name) || call.args.length === 0) return undefined
  let where = 0
  for (const arg of call.args) {
    if (arg.kind !== 'text') return undefined
    where |= whereNamed(arg.value, words.environmentUnset)
  }
  return where
}

/** Where the code is in that is enclosed so: outermost first, the code itself last. */
function whereEnclosed(enclosing: readonly Expression[], words: EnvironmentWords): Where {
  let where = everywhere
  for (const [index, expression] of enclosing.entries()) {
    const next = enclosing[index + 1]
    if (!next) break
    if (expression.kind === 'call' && expression.block === next)
      where &= whereConfigured(expression, words) ?? everywhere
    if (expression.kind !== 'branch') continue
    const arm = expression.arms.indexOf(next)
    if (arm !== -1) where &= whereOfArm(expression.tests, arm, words)
  }
  return where
}

/** An arm runs where its test holds, and none of those before it. */
function whereOfArm(tests: readonly Expression[], arm: number, words: EnvironmentWords): Where {
  let where = everywhere
  if (tests.length === 0) return where
  for (let index = 0; index < arm && index < tests.length; index++) {
    const test = tests[index]
    where &= (test && complement(whereTrue(test, words))) ?? everywhere
  }
  const own = tests[arm]
  return own ? where & (whereTrue(own, words) ?? everywhere) : where
}

/** Where each of the arms runs; linear, for there may be very many. */
export function wheresOfArms(tests: readonly Expression[], arms: number, words: EnvironmentWords): Where[] {
  const wheres: Where[] = []
  let rest = everywhere
  for (let arm = 0; arm < arms; arm++) {
    const test = tests[arm]
    const own = test && whereTrue(test, words)
    wheres.push(rest & (own ?? everywhere))
    rest &= complement(own) ?? everywhere
  }
  return wheres
}

/** Where what follows the branch runs: not where an arm that leaves is surely taken. */
export function whereNotLeft(
  { tests, arms }: Branch,
  leaves: (arm: Expression) => boolean,
  words: EnvironmentWords,
): Where {
  const [first, second] = arms
  // `a or b` has no tests.
  const [test = first] = tests
  const [held, other] = tests.length === 0 ? [undefined, second] : [first, tests.length === 1 ? second : undefined]
  const whenHeld = held !== undefined && leaves(held)
  const whenNot = other !== undefined && leaves(other)
  if (!test || whenHeld === whenNot || !isToldWhole(test, words)) return everywhere
  const where = whereTrue(test, words)
  return (whenHeld ? complement(where) : where) ?? everywhere
}

/** Whether the test speaks of nothing but the environment. */
function isToldWhole(test: Expression, words: EnvironmentWords): boolean {
  if (test.kind === 'branch') return [...test.tests, ...test.arms].every((side) => isToldWhole(side, words))
  if (test.kind === 'call' && test.name === '!' && test.receiver) return isToldWhole(test.receiver, words)
  return whereTrue(test, words) !== undefined
}

/** Whether code inside `enclosing` runs where the app is in production: false only where a gate surely keeps it out. */
export function runsInProduction(enclosing: readonly Expression[], words: EnvironmentWords): boolean {
  return includesEnvironment(whereEnclosed(enclosing, words), 'production')
}

/** The outermost gate around the last of `enclosing` that is shut where no variable names the environment. */
export function gateShutWhereUnset(enclosing: readonly Expression[], words: EnvironmentWords): Expression | undefined {
  return enclosing.find(
    (_, index) => !includesEnvironment(whereEnclosed(enclosing.slice(0, index + 2), words), 'unset'),
  )
}

function whereNamed(name: string, unset: string | undefined): Where {
  const bit =
    name === 'production' || name === 'development' || name === 'test'
      ? environments[name]
      : name === 'local'
        ? environments.development | environments.test
        : environments.other
  const isUnset = unset !== undefined && (unset === name || (name === 'local' && unset === 'development'))
  return isUnset ? bit | environments.unset : bit
}

/** What the expression gives where no variable names an environment. */
function unsetMeans(expression: Expression, words: EnvironmentWords): string | undefined {
  if (expression.kind === 'branch' && expression.tests.length === 0) {
    const last = expression.arms.at(-1)
    return last?.kind === 'text' ? last.value : undefined
  }
  if (expression.kind !== 'call') return undefined
  // Of the process's environment nothing; of the framework's setting its default.
  if (expression.name === 'environment' || expression.name === 'env') return words.environmentUnset
  if (expression.name === 'fetch') {
    const fallback = expression.args[1]
    return fallback?.kind === 'text' ? fallback.value : undefined
  }
  return expression.receiver ? unsetMeans(expression.receiver, words) : undefined
}

/** `ENV['RACK_ENV']`, `settings.environment`. */
function mentionsEnvironment(expression: Expression | undefined): boolean {
  if (expression?.kind === 'branch') return expression.arms.some(mentionsEnvironment)
  if (expression?.kind !== 'call') return false
  if (expression.name === 'environment' || expression.name === 'env') return true
  return (
    expression.args.some((arg) => arg.kind === 'text' && /(?:^|_)ENV$/.test(arg.value)) ||
    mentionsEnvironment(expression.receiver)
  )
}
