import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spansOf } from './spans.ts'

const span = fc.tuple(fc.nat(20), fc.nat(20)).map(([start, length]) => ({ start, end: start + length }))

it('answers what looking at each span would', () => {
  fc.assert(
    fc.property(fc.array(span), span, (spans, asked) => {
      const { hasAround, hasWithin } = spansOf(spans)
      expect(hasAround(asked)).toBe(spans.some(({ start, end }) => start <= asked.start && asked.end <= end))
      expect(hasWithin(asked)).toBe(spans.some(({ start, end }) => asked.start <= start && end <= asked.end))
    }),
  )
})
