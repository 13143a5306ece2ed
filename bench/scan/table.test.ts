import { expect, it } from 'vitest'
import type { Measured } from './compare-scanners.ts'
import { recallText, scanText } from './table.ts'

const spreadOf = (median: number) => ({ median, min: median, max: median })

function measured(name: string, wallMs: number, over: number): Measured {
  return {
    name,
    version: '1.0',
    wallMs: spreadOf(wallMs),
    cpuMs: spreadOf(wallMs),
    peakMiB: spreadOf(100),
    wallRatio: spreadOf(over),
    cpuRatio: spreadOf(over),
    peakRatio: spreadOf(1),
    reported: 7,
    isOverLimit: false,
  }
}

const tree = {
  says: '9 files',
  folder: '/tree',
  reading: 'code',
  files: 9,
  bytes: 1_000_000,
  wallMsMax: 3_000,
} as const

it('tells ratios to the first, the targets, and who takes no part', () => {
  const text = scanText({
    tree,
    rounds: 3,
    limitSeconds: 300,
    scanners: [measured('sallyport', 4_000, 1), measured('unchanged', 200, 0.05), measured('slow', 40_000, 10)],
    absent: ['other takes no part'],
  })
  expect(text).toMatch(/over Sallyport’s +1\.00 \(1\.00–1\.00\) +0\.05 \(0\.05–0\.05\) +10\.00 \(10\.00–10\.00\)/)
  expect(text).toContain('target missed  wall, cold: 4.00 s, at most 3 s')
  expect(text).toContain('target met     wall of an unchanged tree over cold: 0.05, at most 0.1')
  expect(text).toContain('other takes no part\n')
})

it('does not want a history, of which nothing is kept, to be faster the second time', () => {
  const text = scanText({
    tree: { ...tree, reading: 'history' },
    rounds: 1,
    limitSeconds: 300,
    scanners: [measured('sallyport', 4_000, 1), measured('unchanged', 4_000, 1)],
    absent: [],
  })
  expect(text).not.toContain('unchanged tree')
})

it('gives no time of a scanner that was ended before it was done', () => {
  const text = scanText({
    tree,
    rounds: 1,
    limitSeconds: 300,
    scanners: [measured('sallyport', 1_000, 1), { ...measured('slow', 300_000, 300), isOverLimit: true }],
    absent: [],
  })
  expect(text).toMatch(/wall, s +1\.00 \(1\.00–1\.00\) +over 300\n/)
  expect(text).not.toContain('300.00')
})

it('counts leaks that are found where something leaks, and all reports where nothing does', () => {
  const text = recallText({
    sets: [
      { name: 'leaky', says: 'leaky', programs: 2, leaks: 5 },
      { name: 'clean', says: 'clean', programs: 3, leaks: 0 },
    ],
    scanners: [
      {
        name: 'one',
        version: '1',
        found: { leaky: 4, clean: 0 },
        reported: { leaky: 9, clean: 1 },
        missed: [],
        wrong: [],
      },
    ],
    absent: ['two is not installed'],
  })
  expect(text).toMatch(/leaky: of 5 leaks +4\n/)
  expect(text).toMatch(/clean: in 3 programs +1\n/)
  expect(text).toContain('two is not installed')
})
