import { expect, it } from 'vitest'
import { isReported } from './recall.ts'

const at = (file: string, line: number) => [{ file, line, rule: 'any' }]

it.each([
  [10, true],
  [7, true],
  [13, true],
  [6, false],
  [14, false],
])('takes a report in line %i for the leak in line 10: %s', (line, expected) => {
  expect(isReported('lib/app.rb:10 key-in-log', at('lib/app.rb', line))).toBe(expected)
})

it('takes no report in another file for it', () => {
  expect(isReported('lib/app.rb:10 key-in-log', at('app.rb', 10))).toBe(false)
})
