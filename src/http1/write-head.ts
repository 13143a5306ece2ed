import { copyBytes } from './copy-bytes.ts'
import type { FieldNames } from './field-names.ts'
import { fieldName, fieldValue, type Head, isLookalike } from './head.ts'

/**
 * Fields that belong to one connection (RFC 9110 §7.6.1) or that we write ourselves; names are folded, so that an app
 * which folds `_` to `-` never sees one that we did not.
 */
export const hopByHopNames = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'te',
  'upgrade',
] as const

/** Decides about one field of a head: whether it is left out of the copy. */
export type Drops = (head: Head, index: number) => boolean

/**
 * Copies the field lines of `head` for which `drops` is false to `into` at `at`, unchanged, and returns the end; never
 * one that looks like a framing field. The lines of kept neighbours are copied in one go. Needs at most
 * `head.end - head.start` bytes.
 */
export function copyFields(head: Head, into: Uint8Array, at: number, drops: Drops): number {
  const { places, fieldCount } = head
  let end = at
  let runStart = -1
  for (let index = 0; index < fieldCount; index++) {
    const lineStart = places[index * 4] as number
    if (drops(head, index) || (head.lookalikes && isLookalike(head, index))) {
      if (runStart >= 0) end = copyBytes(head.bytes, runStart, lineStart, into, end)
      runStart = -1
    } else if (runStart < 0) runStart = lineStart
  }
  return runStart >= 0 ? copyBytes(head.bytes, runStart, head.end - 2, into, end) : end
}

/** Writes constant bytes and returns the end. */
export function put(into: Uint8Array, at: number, bytes: Uint8Array): number {
  return copyBytes(bytes, 0, bytes.length, into, at)
}

/** Whether the field is listed in one of the message's own Connection fields (RFC 9110 §7.6.1). */
export function isConnectionOption(head: Head, index: number): boolean {
  if (!head.listsFields) return false
  if (isListedAt(head, head.connection, index)) return true
  if (head.connectionCount === 1) return false
  for (let at = head.connection + 1; at < head.fieldCount; at++) {
    if (fieldName(head, at) === 'connection' && isListedAt(head, at, index)) return true
  }
  return false
}

function isListedAt(head: Head, connection: number, index: number): boolean {
  if (index === connection) return false
  const nameLength = (head.places[index * 4 + 1] as number) - (head.places[index * 4] as number)
  const valueLength = (head.places[connection * 4 + 3] as number) - (head.places[connection * 4 + 2] as number)
  if (valueLength < nameLength) return false
  const name = fieldName(head, index)
  return fieldValue(head, connection)
    .toLowerCase()
    .split(',')
    .some((option) => option.trim() === name)
}

/** A `Drops` for the names in `names`, folded or not as the set is, and for what the message's Connection field lists. */
export function dropsNames(names: FieldNames): Drops {
  return (head, index) => {
    const place = index * 4
    return (
      names.find(head.bytes, head.places[place] as number, head.places[place + 1] as number) >= 0 ||
      isConnectionOption(head, index)
    )
  }
}
