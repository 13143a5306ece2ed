import type { Call, Expression } from '../form.ts'
import type { CallModel } from '../model.ts'
import type { Value } from './value.ts'

/** As many characters of a key as masks show. */
const sliceMax = 8

/** `key[0, 4]`, `key[0..3]`, `key[-4..]`; not `key[4..]`, which leaves out the beginning only. */
export function isShortSlice(call: Call): boolean {
  if (call.name !== '[]') return false
  const [first, ...others] = call.args
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

/** All signs of masks, what was matched beside them, or a word that says so. */
const maskText = /^(?:\\\d)?[*•#xX.…-]+(?:\\\d)?$|\*{2,}|REDACTED|FILTERED|MASK/

function numberOf(expression: Expression): number[] {
  return expression.kind === 'constant' && typeof expression.value === 'number' ? [expression.value] : []
}
