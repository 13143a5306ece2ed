/**
 * Copies `from[start…end)` into `into` at `at` and returns the end. A view of a typed array costs more than to copy a
 * few dozen bytes one by one, and heads are made of such.
 */
export function copyBytes(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  if (end - start > 64) {
    into.set(from.subarray(start, end), at)
    return at + end - start
  }
  let to = at
  for (let i = start; i < end; i++) into[to++] = from[i] as number
  return to
}
