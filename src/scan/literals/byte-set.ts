/** A set of byte values; 1 for members. */
export type ByteSet = Uint8Array

/** Members are the ASCII letters and digits, where asked for, and the characters of `more`. */
export function byteSet(more: string, ...ranges: readonly (readonly [from: string, to: string])[]): ByteSet {
  const set = new Uint8Array(256)
  for (const [from, to] of ranges) set.fill(1, from.charCodeAt(0), to.charCodeAt(0) + 1)
  for (const character of more) set[character.charCodeAt(0)] = 1
  return set
}

const alphanumeric = [
  ['0', '9'],
  ['A', 'Z'],
  ['a', 'z'],
] as const

export const nameBytes = byteSet('_-', ...alphanumeric)
/** What keys are made of; `%` for those that stand in URLs. */
export const tokenBytes = byteSet('_-+/=.:~%@!&*', ...alphanumeric)
export const base64Bytes = byteSet('+/=', ...alphanumeric)
export const base64UrlBytes = byteSet('_-', ...alphanumeric)

/** The first offset from `start` on, and before `end`, whose byte is not in the set; else `end`. */
export function skip(bytes: Uint8Array, set: ByteSet, start: number, end: number): number {
  const last = Math.min(end, bytes.length)
  let at = start
  while (at < last && set[bytes[at] as number] === 1) at++
  return at
}

/** The offset behind the last byte before `end`, and not before `start`, that is not in the set. */
export function skipBack(bytes: Uint8Array, set: ByteSet, end: number, start: number): number {
  const first = Math.max(start, 0)
  let at = end
  while (at > first && set[bytes[at - 1] as number] === 1) at--
  return at
}

/** The begin of the line of `at`, looked for in at most `most` bytes before it: a file may be one line. */
export function lineStartOf(bytes: Uint8Array, at: number, most: number): number {
  const from = Math.max(0, at - most)
  return from + bytes.subarray(from, at).lastIndexOf(10) + 1
}
