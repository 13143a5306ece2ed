import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

/**
 * A socket of no connection: `members` and the methods that answer nothing. For turns that a real one takes when it
 * likes: a write that is never taken, a piece of an exact size.
 */
export function stubSocket<T extends object>(members: T): Socket & T {
  const silent = { setNoDelay() {}, setTimeout() {}, write() {}, resume() {}, end() {}, destroy() {} }
  // Not the whole of a socket, and no way to say so in types: what else is asked of it throws.
  return Object.assign(new EventEmitter(), silent, members) as unknown as Socket & T
}
