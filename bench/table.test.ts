import { expect, it } from 'vitest'
import { isFlat } from './compare.ts'
import { slopeSentence } from './table.ts'

const measured = { requests: 100_000, looks: 2, firstMiB: 70, lastMiB: 80 }

it('calls memory growing only when the slope is above a mebibyte and above what the fit leaves in doubt', () => {
  expect(isFlat({ ...measured, slope: 0.9, error: 0.01 })).toBe(true)
  expect(isFlat({ ...measured, slope: 5, error: 2 })).toBe(true)
  expect(isFlat({ ...measured, slope: 5, error: 1 })).toBe(false)
})

it('says so in a sentence', () => {
  expect(slopeSentence({ ...measured, slope: 5, error: 1 })).toMatch(/^resident memory grows: 5\.00 ± 1\.00 MiB/)
  expect(slopeSentence({ ...measured, slope: -2, error: 1 })).toMatch(/^resident memory does not grow/)
})
