import type { Option, OptionModel, OptionValue } from '../model.ts'
import { lastName } from '../survey.ts'
import { namedArguments } from './arguments.ts'
import type { Value } from './value.ts'

/** What the arguments say of an option; undefined where they say nothing. */
export function optionValue({ from, means }: OptionModel, args: readonly Value[]): OptionValue | undefined {
  let told: OptionValue | undefined
  if ('value' in from) told = from.value
  else {
    const value = 'position' in from ? args[from.position] : namedArguments([from.named], args)[0]
    if (!value) return undefined
    told = written(value)
  }
  const meant = means?.[String(told)]
  // What the library does with other words is not known.
  return meant ?? (means ? '*' : told)
}

export function tellOptions(
  object: Map<Option, OptionValue>,
  options: readonly OptionModel[],
  args: readonly Value[],
): void {
  for (const option of options) {
    const value = optionValue(option, args)
    if (value !== undefined) object.set(option.option, value)
  }
}

/** A value as it is written: a text, a number, the last part of a constant's name. */
function written(value: Value): OptionValue {
  if (value.text !== undefined) return value.text
  if (value.literal !== undefined) return value.literal
  return value.type?.startsWith('class ') ? lastName(value.type) : '*'
}
