import type { FieldNames } from './field-names.ts'
import type { Head } from './head.ts'

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
 * Copies the field lines of `head` for which `drops` is false to `into` at `at`, unchanged, and returns the end. The
 * lines of kept neighbours are copied in one go. Needs at most `head.end - head.start` bytes.
 */
export function copyFields(head: Head, into: Uint8Array, at: number, drops: Drops): number {
  const { places, fieldCount } = head
  let end = at
  let runStart = -1
  for (let index = 0; index < fieldCount; index++) {
    const lineStart = places[index * 4] as number
    if (drops(head, index)) {
      if (runStart >= 0) end = copyRun(head, into, end, runStart, lineStart)
      runStart = -1
    } else if (runStart < 0) runStart = lineStart
  }
  return runStart >= 0 ? copyRun(head, into, end, runStart, head.end - 2) : end
}

function copyRun(head: Head, into: Uint8Array, at: number, start: number, end: number): number {
  into.set(head.bytes.subarray(start, end), at)
  return at + end - start
}

/** Writes constant bytes and returns the end. */
export function put(into: Uint8Array, at: number, bytes: Uint8Array): number {
  into.set(bytes, at)
  return at + bytes.length
}

/** Whether the field is in `names`, or is listed in the message's own Connection field (RFC 9110 §7.6.1). */
export function isConnectionOption(head: Head, index: number): boolean {
  if (head.connection < 0 || index === head.connection) return false
  const { bytes, places } = head
  const start = places[head.connection * 4 + 2] as number
  const end = places[head.connection * 4 + 3] as number
  const nameStart = places[index * 4] as number
  const nameLength = (places[index * 4 + 1] as number) - nameStart
  if (end - start < nameLength) return false
  const options = bytes.toString('latin1', start, end).toLowerCase()
  const name = bytes.toString('latin1', nameStart, nameStart + nameLength).toLowerCase()
  return options.split(',').some((option) => option.trim() === name)
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
