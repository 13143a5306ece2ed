/** The first `byte` from `start` on and before `end`, or `end`. */
export function indexBefore(bytes: Uint8Array, byte: number, start: number, end: number): number {
  const at = bytes.indexOf(byte, start)
  return at < 0 || at > end ? end : at
}
