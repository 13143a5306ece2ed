import fc from 'fast-check'
import { expect, it } from 'vitest'
import { editDistance, nearest } from './nearest.ts'

it.each([
  ['form', 'from', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['stores', 'stores', 0],
])('%s and %s are %i apart', (a, b, distance) => expect(editDistance(a, b)).toBe(distance))

it('is as far one way as the other, and never farther than the longer text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(distance === 0).toBe(a === b)
    }),
  )
})

it.each([
  ['listn', 'listen'],
  ['Listen', 'listen'],
  ['routse', 'routes'],
  ['password', undefined],
  ['x', undefined],
])('takes %s for %s', (text, name) => expect(nearest(text, ['listen', 'routes', 'policy'])).toBe(name))
