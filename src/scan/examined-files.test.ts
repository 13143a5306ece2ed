import { expect, it } from 'vitest'
import type { FileReport } from './examine-file.ts'
import { growingFiles } from './examined-files.ts'

const plain = (path: string): FileReport => ({
  path,
  kind: 'text',
  mode: 0o644,
  lines: 3,
  findings: [],
  allowances: [],
  topics: 0,
  gaps: [],
})

it('keeps no report of files that tell nothing, and counts them', () => {
  const files = growingFiles()
  for (let i = 0; i < 1_000; i++) files.add(plain(`${i}.txt`))
  files.add({ ...plain('app.rb'), language: 'ruby' })
  files.add({ ...plain('locked'), kind: 'unread', lines: 0, gaps: ['locked: could not be read (EACCES)'] })
  expect(files.reports.map(({ path }) => path)).toEqual(['app.rb', 'locked'])
  expect(files.lines).toBe(3_003)
  expect([...files.kinds]).toEqual([
    ['text', 1_001],
    ['unread', 1],
  ])
  expect(files.known.get('7.txt')).toEqual({ mode: 0o644, topics: 0 })
  // One object for all that are alike, and no topics where nobody could look for them.
  expect(new Set(files.known.values()).size).toBe(2)
  expect(files.known.get('locked')).toEqual({ mode: 0o644 })
})

it('keeps what a cache asks for until there is too much of it', () => {
  const files = growingFiles()
  files.add({ ...plain('a.txt'), digest: 'd', stamp: 's' })
  files.add({ ...plain('b.rb'), language: 'ruby', digest: 'd', stamp: 's' })
  expect(files.reports.length).toBe(2)
  files.forgetDigests()
  files.add({ ...plain('c.txt'), digest: 'd', stamp: 's' })
  expect(files.reports.map(({ path, digest }) => [path, digest])).toEqual([['b.rb', undefined]])
})
