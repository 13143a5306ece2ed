interface Span {
  readonly start: number
  readonly end: number
}

/** Many spans of one file, asked in logarithmic time. */
export interface Spans {
  /** Whether one of them goes from `start` or before it to `end` or behind it. */
  hasAround(span: Span): boolean
  /** Whether one of them begins and ends within. */
  hasWithin(span: Span): boolean
}

export function spansOf(spans: readonly Span[]): Spans {
  const sorted = [...spans].sort((a, b) => a.start - b.start)
  const starts = sorted.map(({ start }) => start)
  /** The largest end up to each, and the smallest from each on. */
  const largest: number[] = []
  const smallest: number[] = []
  let most = Number.NEGATIVE_INFINITY
  for (const { end } of sorted) {
    most = Math.max(most, end)
    largest.push(most)
  }
  let least = Number.POSITIVE_INFINITY
  for (let index = sorted.length - 1; index >= 0; index--) {
    least = Math.min(least, sorted[index]?.end ?? least)
    smallest[index] = least
  }
  return {
    hasAround: ({ start, end }) => (largest[firstNotBefore(starts, start + 1) - 1] ?? Number.NEGATIVE_INFINITY) >= end,
    hasWithin: ({ start, end }) => (smallest[firstNotBefore(starts, start)] ?? Number.POSITIVE_INFINITY) <= end,
  }
}

/** Of ascending numbers the index of the first that is at least `least`; their count where none is. */
export function firstNotBefore(ascending: readonly number[], least: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}
