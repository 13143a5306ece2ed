import { fieldOf, joinValues, nothing, type Value } from './value.ts'

const itemsMax = 16

/**
 * What a block is run on: a short list of constants one by one, for it may use them as names, the entries of a dictionary
 * as lists of name and value; else any item.
 */
export function itemsOf(target: Value): readonly Value[] {
  if (target.type === 'table' && target.fields && target.fields.size > 0) return entriesOf(target).map(pairOf)
  const items = target.type === 'list' ? [...(target.fields?.values() ?? [])] : []
  const areNames = items.length > 0 && items.length <= itemsMax && items.every(({ text }) => text !== undefined)
  return areNames ? items : [fieldOf(target, undefined)]
}

/** An entry as a list of its name and its value. */
function pairOf([name, entry]: readonly [Value, Value]): Value {
  return {
    labels: [],
    type: 'list',
    fields: new Map([
      ['0', name],
      ['1', entry],
    ]),
  }
}

/** One of the entries of a dictionary, or all of them in a list, as lists of name and value. */
export function pairsOf(pairs: 'one' | 'all', { labels, fields }: Value): Value {
  const entries = [...(fields ?? [])].map(([name, entry]) => pairOf([name === '*' ? nothing : named(name), entry]))
  if (pairs === 'one') return { ...entries.reduce((joined, entry) => joinValues(joined, entry), nothing), labels }
  return { labels, type: 'list', fields: new Map(entries.map((entry, index) => [String(index), entry])) }
}

/** An entry's name, as a text like any other. */
function named(text: string): Value {
  return { labels: [], text }
}

/** The values of a dictionary, in a list. */
export function valuesOf({ labels, fields }: Value): Value {
  const entries = [...(fields ?? [])].map(
    ([name, entry], index) => [name === '*' ? name : String(index), entry] as const,
  )
  return { labels, type: 'list', fields: new Map(entries) }
}

/** What a block of two parameters is run on: each entry of a small dictionary with its name; else any entry. */
export function entriesOf(target: Value): readonly (readonly [name: Value, entry: Value])[] {
  const { fields } = target
  if (!fields || fields.size === 0 || fields.size > itemsMax || fields.has('*'))
    return [[nothing, fieldOf(target, undefined)]]
  return [...fields].map(([name, entry]) => [{ labels: [], text: name, isName: true }, entry])
}

/** The entries of a small dictionary or list of nothing but texts. */
export function textsIn({ type, fields, labels }: Value): readonly string[] | undefined {
  if ((type !== 'table' && type !== 'list') || !fields || labels.length > 0) return undefined
  if (fields.size < 2 || fields.size > itemsMax) return undefined
  const texts = [...fields.values()].flatMap(({ text }) => (text === undefined || text.includes('*') ? [] : [text]))
  return texts.length === fields.size ? texts : undefined
}

/** A list that is not known has as many items as a function may take. */
const unknownItems = 4

/** The items of a list, one after the other. */
export function spreadItems(list: Value): readonly Value[] {
  const { fields, type } = list
  if (type === 'list' && fields && !fields.has('*') && list.labels.length === 0) return [...fields.values()]
  const any = fieldOf(list, undefined)
  return any === nothing ? [nothing] : Array.from({ length: unknownItems }, () => any)
}
