import type { Branch, Call, Expression } from '../form.ts'
import { type Label, nothing, type Value } from './value.ts'

/**
 * Tests of the name of the one entry that a block is being run on: `name == :secret`, `%i[a b].include?(name)`. What they
 * say is known of that entry, so that an arm that is not for it gives nothing.
 */
export function testOfName({ name, args: [asked] }: Call, receiver: Value, [arg]: readonly Value[]): Value | undefined {
  if (name === '!')
    return receiver.isName && typeof receiver.literal === 'boolean' ? told(!receiver.literal) : undefined
  if (!receiver.isName && !arg?.isName) return undefined
  if (isPattern(asked) && matching.has(name)) return byPattern
  const [text, other] = [textOf(receiver), arg && textOf(arg)]
  if (text !== undefined && other !== undefined) {
    if (equality.has(name)) return told(text === other)
    if (name === '!=') return told(text !== other)
    if (name === 'start_with?') return told(text.startsWith(other))
    if (name === 'end_with?') return told(text.endsWith(other))
    if (name === 'include?') return told(text.includes(other))
  }
  const items = membership.has(name) && receiver.type === 'list' ? [...(receiver.fields?.values() ?? [])] : []
  if (other === undefined || items.length === 0 || !items.every((item) => textOf(item) !== undefined)) return undefined
  return told(items.some((item) => item.text === other))
}

const equality = new Set(['==', '===', 'eql?', 'equal?'])
const membership = new Set(['include?', 'member?'])
const matching = new Set(['match?', 'match', '=~', '==='])

function isPattern(expression: Expression | undefined): boolean {
  return expression?.kind === 'constant' && expression.value === 'pattern'
}

function textOf({ text }: Value): string | undefined {
  return text === undefined || text.includes('*') ? undefined : text
}

function told(literal: boolean): Value {
  return { labels: [], literal, isName: true }
}

/** What a block says of all the items that it was asked about. */
export function jointAnswer(asks: 'any' | 'all' | 'none', answers: readonly Value[]): Value | undefined {
  const known = answers.map(knownTest)
  if (known.length === 0 || known.some((answer) => answer === undefined)) return undefined
  const decides = asks !== 'all'
  if (known.includes(decides)) return told(asks === 'any')
  return known.every((answer) => answer === !decides) ? told(asks !== 'any') : undefined
}

/** The name is tested with a pattern, which is not looked into. */
const byPattern: Value = { labels: [], isName: true }

/** What is known of a test: `by pattern` where only the pattern knows. */
export function knownTest({ isName, literal, text }: Value): boolean | 'by pattern' | undefined {
  if (!isName || text !== undefined) return undefined
  return typeof literal === 'boolean' ? literal : 'by pattern'
}

/** Arms that are not taken for this entry. */
export function armsLeftOut(tests: readonly Value[], arms: number): ReadonlySet<number> {
  const left = new Set<number>()
  let isDecided = false
  for (let arm = 0; arm < arms; arm++) {
    const test = tests[arm]
    const known = test && knownTest(test)
    if (isDecided || known === false) left.add(arm)
    if (known === true) isDecided = true
  }
  return left
}

/** What `a && b` and `a || b` say where enough is known of one side. */
export function jointTest(
  { tests, arms }: Branch,
  tested: readonly Value[],
  given: readonly Value[],
): Value | undefined {
  if (tests.length === 1 && arms.length === 1)
    return tested[0] && knownTest(tested[0]) === false ? told(false) : undefined
  if (tests.length > 0 || given.length === 0) return undefined
  return given.some((each) => knownTest(each) === true) ? told(true) : undefined
}

/** `name =~ /secret/ ? '…' : value`: a constant stands in the place of what the pattern is there to find. */
export function masksByPattern({ arms }: Branch, tests: readonly Value[]): boolean {
  const isAsked = tests.some((test) => knownTest(test) === 'by pattern')
  return isAsked && arms.length > 1 && arms.some(({ kind }) => kind === 'text' || kind === 'constant')
}

/** Without secrets. */
export function withoutSecrets(value: Value): Value {
  const isOther = ({ what }: Label) => what !== 'key' && what !== 'credential' && what !== 'settings'
  return value === nothing || value.labels.every(isOther) ? value : { ...value, labels: value.labels.filter(isOther) }
}
