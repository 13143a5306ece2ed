import { equalBytes } from '../../secret/equal.ts'
import type { CarrierForm, FieldCarrier } from '../carrier.ts'

const scheme = Buffer.from('Bearer ')

/** `Authorization: Bearer KEY` (RFC 6750 §2.1). */
export const bearer: CarrierForm = {
  id: 'bearer',
  title: 'bearer token in Authorization',
  parameters: [],
  open: () => bearerCarrier,
}

export const bearerCarrier: FieldCarrier = {
  place: 'field',
  form: 'bearer',
  name: 'Authorization',
  field: 'authorization',
  says: 'Authorization: Bearer KEY',
  carries(value, phantom) {
    const at = schemeEnd(value)
    return at > 0 && equalBytes(value.subarray(at), phantom)
  },
  lengthMax: (_received, key) => scheme.length + key,
  write(into, at, key) {
    into.set(scheme, at)
    into.set(key, at + scheme.length)
    return at + scheme.length + key.length
  },
}

/** The end of a `Bearer` scheme (any case, RFC 9110 §11.1) and the spaces behind it, or 0. */
function schemeEnd(value: Uint8Array): number {
  for (let i = 0; i < 6; i++) if (((value[i] as number) | 0x20) !== ((scheme[i] as number) | 0x20)) return 0
  let end = 6
  while (value[end] === 0x20) end++
  return end > 6 ? end : 0
}
