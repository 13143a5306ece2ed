import { equalBytes } from '../../secret/equal.ts'
import type { CarrierForm, FieldCarrier } from '../carrier.ts'

/** The key in a field of its own, behind a fixed prefix if there is one: `X-Api-Key: KEY`. */
export const header: CarrierForm = {
  id: 'header',
  title: 'key in a field',
  parameters: [
    { name: 'header', token: true },
    { name: 'prefix', optional: true },
  ],
  open: ({ header: name = '', prefix = '' }) => headerCarrier(name, prefix),
}

export function headerCarrier(name: string, prefix = ''): FieldCarrier {
  const before = Buffer.from(prefix, 'latin1')
  return {
    place: 'field',
    form: 'header',
    name,
    field: name.toLowerCase(),
    says: `${name}: ${prefix}KEY`,
    carries: (value, phantom) =>
      value.length === before.length + phantom.length &&
      equalBytes(value.subarray(0, before.length), before) &&
      equalBytes(value.subarray(before.length), phantom),
    lengthMax: (_received, key) => before.length + key,
    write(into, at, key) {
      into.set(before, at)
      into.set(key, at + before.length)
      return at + before.length + key.length
    },
  }
}
