/**
 * Overwrites what calls that are over have left on the thread's stack, from where this is called on: Node copies what TLS
 * decrypts through an array that stands there (16 KiB). JavaScript's frames stand on the same stack.
 */
export function wipeStack(): void {
  descend(frames, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

/** Each takes at least 20 words: together more than libuv's own frames (12 KiB for epoll's events), the array, and to spare. */
const frames = 700

function descend(left: number, ...rest: number[]): number {
  if (left === 0) return rest.length
  return descend(left - 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) + 1
}
