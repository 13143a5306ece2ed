import type { World } from './command.ts'

/**
 * Whether to write ANSI colours: on a terminal, unless NO_COLOR (https://no-color.org) or a dumb terminal says
 * otherwise, and everywhere with FORCE_COLOR.
 */
export function wantsColor(stream: { readonly isTTY?: boolean }, environment: World['environment']): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: terminal } = environment
  if (no) return false
  if (force !== undefined) return force !== '0' && force !== 'false'
  return stream.isTTY === true && terminal !== 'dumb'
}
