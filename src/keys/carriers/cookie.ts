import { equalBytes } from '../../secret/equal.ts'
import type { CarrierForm, FieldCarrier, Span } from '../carrier.ts'
import { indexBefore } from '../index-before.ts'
import { plainBytes, writePercent } from '../percent.ts'

/** The key in one cookie; the others are kept. */
export const cookie: CarrierForm = {
  id: 'cookie',
  title: 'key in a cookie',
  parameters: [{ name: 'cookie', token: true }],
  open: ({ cookie: name = '' }) => cookieCarrier(name),
}

/** The octets of a cookie's value (RFC 6265 §4.1.1). Any other is percent-encoded: a `;` would begin another cookie. */
const plain = plainBytes("!#$%&'()*+/:<=>?@[]^`{|}")
const [space, tab, semicolon, equals, quote] = [0x20, 0x09, 0x3b, 0x3d, 0x22]

export function cookieCarrier(name: string): FieldCarrier {
  const wanted = Buffer.from(name)
  const alone = Buffer.from(`${name}=`)
  return {
    place: 'field',
    form: 'cookie',
    name: 'Cookie',
    field: 'cookie',
    says: `Cookie: ${name}=KEY`,
    carries(value, phantom) {
      const span = findCookie(value, wanted)
      return span !== undefined && equalBytes(value.subarray(span.start, span.end), phantom)
    },
    lengthMax: (received, key) => Math.max(received, alone.length) + key * 3,
    write(into, at, key, received) {
      const span = findCookie(received, wanted)
      const before = span ? received.subarray(0, span.start) : alone
      into.set(before, at)
      const end = writePercent(into, at + before.length, key, plain)
      if (!span) return end
      into.set(received.subarray(span.end), end)
      return end + received.length - span.end
    },
  }
}

/**
 * Where the value of the cookie `name` stands, without its quotes. Undefined where it is there twice: servers differ in
 * which one they take.
 */
function findCookie(value: Uint8Array, name: Uint8Array): Span | undefined {
  let found: Span | undefined
  for (let at = 0; at < value.length; ) {
    const end = indexBefore(value, semicolon, at, value.length)
    const middle = indexBefore(value, equals, at, end)
    const written = trim(value, at, middle)
    if (middle < end && equalBytes(value.subarray(written.start, written.end), name)) {
      if (found) return undefined
      found = unquote(value, trim(value, middle + 1, end))
    }
    at = end + 1
  }
  return found
}

function trim(bytes: Uint8Array, from: number, to: number): Span {
  let [start, end] = [from, to]
  while (start < end && (bytes[start] === space || bytes[start] === tab)) start++
  while (end > start && (bytes[end - 1] === space || bytes[end - 1] === tab)) end--
  return { start, end }
}

function unquote(bytes: Uint8Array, { start, end }: Span): Span {
  const isQuoted = end - start > 1 && bytes[start] === quote && bytes[end - 1] === quote
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end }
}
