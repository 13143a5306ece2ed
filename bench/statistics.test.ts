import { describe, expect, it } from 'vitest'
import { slopeOf, spread } from './statistics.ts'

describe('spread', () => {
  it.each([
    [[3, 1, 2], { median: 2, min: 1, max: 3 }],
    [[4, 1, 2, 3], { median: 2.5, min: 1, max: 4 }],
    [[7], { median: 7, min: 7, max: 7 }],
  ])('of %j is %j', (values, expected) => {
    expect(spread(values)).toEqual(expected)
  })
})

describe('slopeOf', () => {
  it('is exact and in no doubt on a line', () => {
    const { slope, error } = slopeOf([1, 2, 3, 4].map((x) => ({ x, y: 5 + 2 * x })))
    expect(slope).toBeCloseTo(2)
    expect(error).toBeCloseTo(0)
  })

  it('doubts a slope that is smaller than the scatter', () => {
    const { slope, error } = slopeOf([0, 1, 2, 3, 4, 5].map((x) => ({ x, y: x % 2 === 0 ? 10 : -10 })))
    expect(Math.abs(slope)).toBeLessThan(3 * error)
  })
})
