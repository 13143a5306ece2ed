/**
 * Where in the scanner and of what sort a failure was, as the end of a sentence; nothing of the error's message, which
 * may quote what was read.
 */
export function failureOf(error: unknown): string {
  const { name, stack } = error instanceof Error ? error : { name: 'unknown', stack: '' }
  const place = /\bat (?:async )?([\w.]+)/.exec(stack ?? '')?.[1]
  return `the scanner failed on it (${name}${place === undefined ? '' : ` in ${place}`}); please report it`
}
