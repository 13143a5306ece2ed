import { expect, it } from 'vitest'
import { withinTime } from './within-time.ts'

it('does what is done in time', () => {
  let done = 0
  expect(withinTime(() => done++, 10_000)).toBe(true)
  expect(done).toBe(1)
})

it('stops a loop that nobody could ask to end, also one that catches everything', () => {
  const endless = () => {
    for (;;)
      try {
        for (;;);
      } catch {
        // It goes on.
      }
  }
  expect(withinTime(endless, 100)).toBe(false)
  expect(withinTime(() => undefined, 10_000)).toBe(true)
})

it('hands on what the work throws', () => {
  expect(() =>
    withinTime(() => {
      throw new TypeError('its own')
    }, 10_000),
  ).toThrow(new TypeError('its own'))
})

it('can be used inside of itself', () => {
  const order: string[] = []
  const inner = () =>
    withinTime(() => {
      withinTime(() => order.push('inner'), 10_000)
      order.push('outer')
    }, 10_000)
  expect(inner()).toBe(true)
  expect(order).toEqual(['inner', 'outer'])
})
