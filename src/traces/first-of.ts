import type { TraceHit } from './trace.ts'

/** The first of `marks` that stands in `text`. */
export function firstOf(text: string, marks: readonly string[]): TraceHit | undefined {
  for (const mark of marks) {
    const start = text.indexOf(mark)
    if (start >= 0) return { start, end: start + mark.length }
  }
  return undefined
}
