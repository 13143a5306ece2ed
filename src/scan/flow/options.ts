import type { Call, Expression } from '../form.ts'
import type { Option, OptionModel, OptionValue } from '../model.ts'
import { lastName } from '../survey.ts'
import { namedArguments } from './arguments.ts'
import type { Place } from './run.ts'
import { type Label, shownLabels, type Value } from './value.ts'

/** What a call tells of an option, and where that is written. */
export interface Told {
  readonly option: Option
  readonly value: OptionValue
  readonly at: Place
  /** What the value is made of. */
  readonly labels: readonly Label[]
}

export function toldOptions(
  options: readonly OptionModel[],
  call: Call,
  target: Value,
  args: readonly Value[],
): Told[] {
  const all: Told[] = []
  for (const option of options) {
    const told = toldOption(option, call, target, args)
    if (told) all.push(told)
  }
  return all
}

/** Undefined where the call says nothing of it. */
function toldOption(model: OptionModel, call: Call, target: Value, args: readonly Value[]): Told | undefined {
  const { option, from, means, where, withoutBlock } = model
  if ((withoutBlock && call.block) || (where && !where.test(args[0]?.text ?? ''))) return undefined
  if ('value' in from) return { option, value: from.value, at: call, labels: [] }
  if ('receiver' in from) return { option, value: written(target), at: call.receiver ?? call, labels: [] }
  const given = 'position' in from ? positioned(call, from.position, args) : named(call, from.named, args)
  if (!given) return undefined
  const { value, written: at } = given
  const told = at?.kind === 'branch' ? '*' : written(value)
  // What the library does with other words is not known.
  const meant = means?.[String(told)] ?? (means ? '*' : told)
  return { option, value: meant, at: at ?? call, labels: shownLabels(value) }
}

interface Given {
  readonly value: Value
  readonly written: Expression | undefined
}

function positioned(call: Call, position: number, args: readonly Value[]): Given | undefined {
  const value = args[position]
  // Named arguments are none of those with a position.
  return value && value.type !== 'table' ? { value, written: call.args[position] } : undefined
}

/** `verify: false`, and `[:verify] = false`. */
function named(call: Call, name: string, args: readonly Value[]): Given | undefined {
  const [value] = namedArguments([name], args)
  if (value) return { value, written: writtenAs(call.args.at(-1), name.split('.')) }
  const [key, entry] = args
  return call.name === '[]=' && key?.text === name && entry ? { value: entry, written: call } : undefined
}

function writtenAs(expression: Expression | undefined, path: readonly string[]): Expression | undefined {
  let found = expression
  for (const part of path) {
    if (found?.kind !== 'table') return undefined
    found = found.entries.find(({ key }) => key?.kind === 'text' && key.value === part)?.value
  }
  return found
}

/** A value as it is written: a text, a number, the last part of a constant's name. */
function written(value: Value): OptionValue {
  const isChosen = shownLabels(value).some(({ what, within }) => what === 'input' && !within)
  if (value.text !== undefined && !isChosen) return value.text
  if (value.literal !== undefined) return value.literal
  if (isChosen) return '?'
  if (value.type === 'stream' || value.type === 'logger') return value.type
  return value.type?.startsWith('class ') ? lastName(value.type) : '*'
}
