import type { Expression } from '../form.ts'
import { nothing, type Value } from './value.ts'

/** A class of records: its entries' names in order. */
export function recordClass(args: readonly Value[]): Value {
  const names = args.flatMap(({ text }) => (text === undefined ? [] : [text]))
  return { labels: [], type: 'record class', fields: new Map(names.map((name) => [name, nothing])) }
}

/** A record of the class, from its entries in order or by name. */
export function makeRecord(names: ReadonlyMap<string, Value>, args: readonly Value[]): Value {
  const given = args.length === 1 && args[0]?.type === 'table' ? args[0].fields : undefined
  const entries = [...names.keys()].map((name, index) => [name, given?.get(name) ?? args[index] ?? nothing] as const)
  return { labels: [], type: 'table', fields: new Map(entries) }
}

/** The key of an entry where it is a constant. */
export function keyText(expression: Expression, value: Value): string | undefined {
  if (value.text !== undefined && !value.text.includes('*')) return value.text
  return expression.kind === 'constant' && typeof expression.value === 'number' ? String(expression.value) : undefined
}
