import { SallyportError } from '../../errors.ts'
import { equalBytes } from '../../secret/equal.ts'
import type { CarrierForm, Span, TargetCarrier } from '../carrier.ts'
import { indexBefore } from '../index-before.ts'
import { decodePercent, plainBytes, writePercent } from '../percent.ts'

/** The key in a parameter of the query: `?api_key=KEY`. */
export const query: CarrierForm = {
  id: 'query',
  title: 'key in a parameter of the query',
  parameters: [{ name: 'query' }],
  open({ query: name = '' }) {
    if (name === '') throw new SallyportError('CONFIG_INVALID', '`query` is empty; name the parameter, such as api_key')
    return queryCarrier(name)
  },
}

const plain = plainBytes()
const [question, hash, ampersand, equals] = [0x3f, 0x23, 0x26, 0x3d]

/** `name` as it is after decoding; upper and lower case are different. */
export function queryCarrier(name: string): TargetCarrier {
  const wanted = Buffer.from(name)
  return {
    place: 'target',
    form: 'query',
    says: `?${encodeURIComponent(name)}=KEY`,
    find(target, phantom) {
      const spans: Span[] = []
      const begin = target.indexOf(question)
      // A query ends where a fragment begins (RFC 3986 §3.4), for a server that takes one.
      const fragment = target.indexOf(hash)
      const end = fragment < 0 ? target.length : fragment
      for (let at = begin + 1; begin >= 0 && at < end; ) {
        const next = indexBefore(target, ampersand, at, end)
        const value = indexBefore(target, equals, at, next) + 1
        if (value <= next && equalBytes(decodePercent(target, at, value - 1, { isForm: true }), wanted)) {
          if (isWritten(target.subarray(value, next), phantom)) spans.push({ start: value, end: next })
        }
        at = next + 1
      }
      return spans
    },
    lengthMax: (key) => key * 3,
    write: (into, at, key) => writePercent(into, at, key, plain),
  }
}

/** As it is, with escapes, or as a form writes it: not every client encodes a `+`. */
function isWritten(value: Uint8Array, phantom: Uint8Array): boolean {
  return (
    equalBytes(value, phantom) ||
    [true, false].some((isForm) => equalBytes(decodePercent(value, 0, value.length, { isForm }), phantom))
  )
}
