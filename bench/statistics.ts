export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Slope {
  /** Of y for each 1 of x. */
  readonly slope: number
  /** Standard error of the slope, as if the points' deviations were independent. */
  readonly error: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN }
}

/** Least squares. NaN for fewer than three points. */
export function slopeOf(points: readonly Point[]): Slope {
  const count = points.length
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count
  const squares = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / squares
  const residual = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  return { slope, error: count < 3 ? Number.NaN : Math.sqrt(residual / (count - 2) / squares) }
}
