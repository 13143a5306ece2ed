import { framesOf } from '../errors.ts'

/**
 * Where in the scanner and of what sort a failure was, as the end of a sentence; nothing of the error's message, which
 * may quote what was read.
 */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the scanner failed on it (unknown); please report it'
  const place = /^ {4}at (?:async )?([\w.]+)/.exec(framesOf(error)[0] ?? '')?.[1]
  return `the scanner failed on it (${error.name}${place === undefined ? '' : ` in ${place}`}); please report it`
}
