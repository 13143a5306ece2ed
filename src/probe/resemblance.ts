import { type Answer, fieldOf } from './answer.ts'

const textMax = 262_144

/**
 * Whether `answer` shows what the good answers show: the same words, leaving out those in which the good answers differ
 * from one another (dates, ids, nonces). Another status may stand on the same content; but pages of one site share their
 * frame, so that then every word of the good answer must be there.
 */
export function resembles(answer: Answer, good: readonly Answer[]): boolean {
  const [first] = good
  if (!first) return false
  const isSameStatus = answer.status === first.status
  if (isSameStatus && answer.status >= 300 && answer.status < 400) {
    return placeOf(fieldOf(answer, 'location')) === placeOf(fieldOf(first, 'location'))
  }
  if (first.body.length === 0) return answer.body.length === 0 && isSameStatus
  const stable = stableWords(good)
  // Nothing but what varies: then form is all that can be compared.
  if (stable.length === 0) return isSameStatus && form(answer) === form(first)
  const shown = words(answer)
  if (isSameStatus) return share(stable, shown) >= 0.8 && share(shown, stable) >= 0.5
  return share(stable, shown) >= 0.99 && (stable.length >= manyWords || share(shown, stable) >= 0.5)
}

/** How much of what the good answers always show stands in `answer`: 0 to 1. */
export function shareOfGood(answer: Answer, good: readonly Answer[]): number {
  return share(stableWords(good), words(answer))
}

/** So many words do not stand in another page by chance. */
const manyWords = 8

function stableWords(good: readonly Answer[]): string[] {
  const [first, ...others] = good.map((answer) => new Set(words(answer)))
  return [...(first ?? [])].filter((word) => others.every((other) => other.has(word)))
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

/** Distinct words. Those with a digit are dates, counts and ids, which prove nothing: a whole hour of dates is alike. */
function words(answer: Answer): string[] {
  const text = answer.body.subarray(0, textMax).toString('latin1')
  const list = text.match(/[A-Za-z0-9\u0080-\u00ff]+/g) ?? []
  return [...new Set(list)].filter((word) => !/\d|^[a-f]{8,}$/.test(word))
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
