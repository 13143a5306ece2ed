import type { SeenAnswer } from './check.ts'

/** Where in an answer byte `at` stands: the status line, a field by its name, or the body. */
export function placeInAnswer(seen: Pick<SeenAnswer, 'text' | 'headBytes'>, at: number): string {
  if (at < 0) return 'answer'
  if (at >= seen.headBytes) return `body at byte ${at - seen.headBytes}`
  const lineStart = seen.text.lastIndexOf('\n', at) + 1
  if (lineStart === 0) return 'status line'
  const name = seen.text.slice(lineStart, at + 1).split(':', 1)[0] ?? ''
  return /^[A-Za-z0-9-]{1,64}$/.test(name) ? `field ${name}` : 'head'
}
