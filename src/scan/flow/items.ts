import { fieldOf, type Value } from './value.ts'

const itemsMax = 16

/** What a block is run on: a short list of constants one by one, for it may use them as names; else any item. */
export function itemsOf(target: Value): readonly Value[] {
  const items = target.type === 'list' ? [...(target.fields?.values() ?? [])] : []
  const areNames = items.length > 0 && items.length <= itemsMax && items.every(({ text }) => text !== undefined)
  return areNames ? items : [fieldOf(target, undefined)]
}
