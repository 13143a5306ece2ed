import { expect, it } from 'vitest'
import { admits, keepsFewSigns, removesParents } from './patterns.ts'

it.each([
  ['/\\A\\w+\\z/', true, false, false],
  ['/^[a-z0-9_-]+$/', true, false, false],
  ['/\\A[\\w.-]+\\z/', true, false, true],
  ['/\\A[\\w.]\\z/', true, false, false],
  ['/\\A.+\\z/', true, true, true],
  ['/\\A[^.]+\\z/', true, true, false],
  ['/\\A[^\\/]+\\z/', true, false, true],
  ['/\\A[ -~]+\\z/', true, true, false],
  ['%r{\\A\\w+/\\w+\\z}', true, true, false],
  ['/\\w+/', false, false, false],
  ['/\\.\\./', false, false, true],
] as const)('%s', (written, whole, separators, parents) => {
  expect(admits(written)).toEqual({ whole, separators, parents })
})

it('tells what makes a name harmless when it is taken out', () => {
  expect(['/\\.\\./', '/\\.{2,}/', '/\\//', '/[\\/\\\\]/', '/\\./'].every(removesParents)).toBe(true)
  expect(['/\\.\\.\\//', '/^\\//', '/\\w/', '/\\.txt/'].some(removesParents)).toBe(false)
  expect(['/[^\\w-]/', '/[^a-z]+/', '/\\W/'].every(keepsFewSigns)).toBe(true)
  expect(['/[^\\w\\/]/', '/[a-z]/'].some(keepsFewSigns)).toBe(false)
})
