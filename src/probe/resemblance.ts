import { type Answer, fieldOf } from './answer.ts'

const textMax = 262_144

/**
 * Whether `answer` shows what the good answers show: the same words, leaving out those in which the good answers differ
 * from one another (dates, ids, nonces). Status is not compared: a server may put another one on the same content.
 */
export function resembles(answer: Answer, good: readonly Answer[]): boolean {
  const [first, ...others] = good
  if (!first) return false
  const shown = words(answer)
  if (first.body.length === 0) return answer.body.length === 0 && answer.status === first.status
  const stable = words(first).filter((word) => others.every((other) => words(other).includes(word)))
  // Nothing but what varies: then form is all that can be compared.
  if (stable.length === 0) return answer.status === first.status && form(answer) === form(first)
  return share(stable, shown) >= 0.8 && share(shown, stable) >= 0.5
}

/**
 * Whether two answers are one wall: the same answer whatever is asked for. The targets may be quoted in the answers, as
 * a return address often is.
 */
export function isSameWall(a: Answer, targetOfA: string, b: Answer, targetOfB: string): boolean {
  if (a.status !== b.status) return false
  const [left, right] = [wordsWithout(a, targetOfA), wordsWithout(b, targetOfB)]
  const sameBody = left.length === 0 ? right.length === 0 : share(left, right) >= 0.9 && share(right, left) >= 0.9
  return sameBody && placeOf(fieldOf(a, 'location')) === placeOf(fieldOf(b, 'location'))
}

function wordsWithout(answer: Answer, target: string): string[] {
  const parts = new Set(target.split(/[^A-Za-z0-9]+/))
  return words(answer).filter((word) => !parts.has(word))
}

/** A redirect's target without its query, which often says where to go back to. */
function placeOf(location: string): string {
  return location.split(/[?#]/, 1)[0] ?? ''
}

/** Distinct words; numbers and long hexadecimal runs are dates and ids, and count as one. */
function words(answer: Answer): string[] {
  const text = answer.body.subarray(0, textMax).toString('latin1')
  const list = text.match(/[A-Za-z0-9\u0080-\u00ff]+/g) ?? []
  return [...new Set(list.map((word) => (/^(?:\d+|[0-9a-fA-F]{8,})$/.test(word) ? '0' : word)))].filter(
    (word) => word !== '0',
  )
}

function share(of: readonly string[], within: readonly string[]): number {
  if (of.length === 0) return 0
  const set = new Set(within)
  return of.filter((word) => set.has(word)).length / of.length
}

function form(answer: Answer): string {
  const shape = answer.body
    .subarray(0, 4_096)
    .toString('latin1')
    .replace(/[A-Za-z0-9]+/g, 'w')
  return `${fieldOf(answer, 'content-type')} ${shape}`
}
