import { SallyportError } from '../../errors.ts'
import { equalBytes } from '../../secret/equal.ts'
import type { CarrierForm, TargetCarrier } from '../carrier.ts'
import { decodePercent, escapedByte, plainBytes, writePercent } from '../percent.ts'

/** The key in the path, behind a fixed beginning: `/botKEY/sendMessage`, `/services/…/…/KEY`. */
export const path: CarrierForm = {
  id: 'path',
  title: 'key in the path, behind this beginning of it; `*` stands for one segment',
  parameters: [{ name: 'path' }],
  open({ path: before = '' }) {
    if (!isBeginning(before))
      throw new SallyportError(
        'CONFIG_INVALID',
        '`path` is not the beginning of a path; write all that stands before the key, such as /bot or /services/*/*/',
      )
    return pathCarrier(before)
  },
}

/** What a segment may hold unencoded (RFC 3986 §3.3): Telegram's keys have a `:`, and are read as they are written. */
const plain = plainBytes("!$&'()*+,;=:@")
const [slash, question, hash, asterisk] = [0x2f, 0x3f, 0x23, 0x2a]

/** `before`: the whole path up to the key; `*` stands for one segment, `%2A` for an asterisk. The key ends its segment. */
export function pathCarrier(before: string): TargetCarrier {
  const parts = Buffer.from(before)
  return {
    place: 'target',
    form: 'path',
    says: `${before}KEY`,
    find(target, phantom) {
      const start = endOfBeginning(target, parts)
      if (start < 0) return []
      const end = segmentEnd(target, start)
      const isCarried =
        equalBytes(target.subarray(start, end), phantom) ||
        equalBytes(decodePercent(target, start, end, { isForm: false }), phantom)
      return isCarried ? [{ start, end }] : []
    },
    lengthMax: (key) => key * 3,
    write: (into, at, key) => writePercent(into, at, key, plain),
  }
}

function isBeginning(text: string): boolean {
  if (!/^(?:\/(?:\*|(?:[^*?#/%]|%[0-9A-Fa-f]{2})+))*\/(?:[^*?#/%]|%[0-9A-Fa-f]{2})*$/.test(text)) return false
  return !/%(?:2f|00)/i.test(text) && !/\/\.{1,2}(?:\/|$)/.test(text)
}

/** Where `target` goes on behind `parts`, or -1. Escapes in either are the bytes that they stand for. */
function endOfBeginning(target: Uint8Array, parts: Uint8Array): number {
  let at = 0
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === asterisk) {
      const end = segmentEnd(target, at)
      if (end === at) return -1
      at = end
      continue
    }
    const wanted = escapedByte(parts, i)
    if (wanted >= 0) i += 2
    const escaped = escapedByte(target, at)
    const given = escaped >= 0 ? escaped : target[at]
    // An encoded slash is no separator.
    if (given !== (wanted >= 0 ? wanted : parts[i]) || (escaped === slash && wanted < 0)) return -1
    at += escaped >= 0 ? 3 : 1
  }
  return at
}

function segmentEnd(target: Uint8Array, start: number): number {
  let end = start
  while (end < target.length && target[end] !== slash && target[end] !== question && target[end] !== hash) end++
  return end
}
