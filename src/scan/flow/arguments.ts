import type { Takes } from '../model.ts'
import { nothing, type Value } from './value.ts'

/** Named arguments of these names: `locals`, and `ssl.verify` for one inside of another. */
export function namedArguments(names: readonly string[], args: readonly Value[]): Value[] {
  const found: Value[] = []
  for (const name of names) {
    for (const arg of args) {
      let value: Value | undefined = arg.type === 'table' ? arg : undefined
      for (const part of name.split('.')) value = value?.fields?.get(part)
      if (value) found.push(value)
    }
  }
  return found
}

/** The arguments, and the objects among those with a name that have been told something: `ssl_context: context`. */
export function withNamed(args: readonly Value[]): readonly Value[] {
  const objects = args.flatMap(({ type, fields }) =>
    type === 'table' ? [...(fields?.values() ?? [])].filter(({ options }) => options !== undefined) : [],
  )
  return objects.length === 0 ? args : [...args, ...objects]
}

/** The values that are meant. */
export function takenValues(takes: Takes, target: Value, args: readonly Value[], block: Value): readonly Value[] {
  if (takes === 'all') return block === nothing ? args : [...args, block]
  if (takes === 'block') return [block]
  if (takes === 'receiver') return [target, ...args]
  if ('named' in takes) return namedArguments(takes.named, args)
  return takes.positions.flatMap((position) => args[position] ?? [])
}
