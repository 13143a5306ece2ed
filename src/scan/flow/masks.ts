import type { Branch, Call, Expression } from '../form.ts'
import type { CallModel } from '../model.ts'
import type { Value } from './value.ts'

/** As many characters of a key as masks show. */
const sliceMax = 8

/** `key[0, 4]`, `key[0..3]`, `key[-4..]`; not `key[4..]`, which leaves out the beginning only. */
export function isShortSlice(call: Call): boolean {
  if (call.name !== '[]') return false
  const [first, ...others] = call.args
  if (first?.kind === 'constant' && first.value === 'pattern') return false
  if (first?.kind === 'other' && others.length === 0) {
    const numbers = first.parts.flatMap(numberOf)
    const last = numbers.at(-1) ?? Number.POSITIVE_INFINITY
    return Math.abs(last) <= sliceMax && (numbers.length > 1 || last < 0)
  }
  const numbers = call.args.flatMap(numberOf)
  return numbers.length > 0 && Math.abs(numbers.at(-1) ?? 0) <= sliceMax
}

/** `gsub(/./, '*')` and its like, where a mask is put in its place; `first(4)`. */
export function isMasking(model: CallModel, call: Call, args: readonly Value[]): boolean {
  if (model.makesName) return true
  if (model.cuts) {
    const numbers = call.args.flatMap(numberOf)
    return numbers.length > 0 && Math.abs(numbers.at(-1) ?? 0) <= sliceMax
  }
  return model.replaces === true && maskText.test(args.at(-1)?.text ?? '')
}

const orders = new Set(['<', '<=', '>', '>=', 'between?', 'cover?', 'include?'])

/** `index < 4 ? character : '*'`: of a text that is gone through, few characters are left as they are. */
export function masksCharacters({ tests, arms }: Branch): boolean {
  const [test] = tests
  if (arms.length !== 2 || test?.kind !== 'call' || !orders.has(test.name)) return false
  const sign = arms.find((arm) => arm.kind === 'text' && /^[*•#xX.…-]$/.test(arm.value))
  const other = arms.find((arm) => arm !== sign)
  const isLocal = (part: Expression | undefined) => part?.kind === 'read' && part.variable.scope === 'local'
  return sign !== undefined && isLocal(other) && [test.receiver, ...test.args].some(isLocal)
}

/** All signs of masks, what was matched beside them, or a word that says so. */
const maskText = /^(?:\\\d)?[*•#xX.…-]+(?:\\\d)?$|\*{2,}|REDACTED|FILTERED|MASK/

function numberOf(expression: Expression): number[] {
  return expression.kind === 'constant' && typeof expression.value === 'number' ? [expression.value] : []
}
