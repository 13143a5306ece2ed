import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { limits } from '../../src/limits.ts'
import { watchTree } from '../../src/scan/watch-tree.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-watch-'))
  mkdirSync(join(folder, 'tree/.git'), { recursive: true })
  mkdirSync(join(folder, 'tree/empty'))
  mkdirSync(join(folder, 'tree/out'))
  writeFileSync(join(folder, 'tree/.gitignore'), 'out\n')
  writeFileSync(join(folder, 'tree/app.rb'), 'a = 1\n')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const at = (path: string) => join(folder, path)
const watched = () =>
  watchTree({
    roots: [[at('tree'), '']],
    options: { takesIgnored: false, exclude: ['/left'] },
    beside: [at('sallyport.yaml')],
    except: [at('tree/report.sarif')],
  })

const changes: readonly (readonly [what: string, change: () => void])[] = [
  ['a file is written', () => appendFileSync(at('tree/app.rb'), 'b = 2\n')],
  ['one comes into a folder that was empty', () => writeFileSync(at('tree/empty/new.rb'), '')],
  [
    'a folder comes with one in it',
    () => {
      mkdirSync(at('tree/more/inner'), { recursive: true })
      writeFileSync(at('tree/more/inner/new.rb'), '')
    },
  ],
  ['one is taken away', () => rmSync(at('tree/app.rb'))],
  [
    'one takes the place of another, as editors write',
    () => {
      writeFileSync(at('tree/app.rb~'), 'a = 2\n')
      renameSync(at('tree/app.rb~'), at('tree/app.rb'))
    },
  ],
  ['a file beside the tree is made', () => writeFileSync(at('sallyport.yaml'), 'scan: {}\n')],
  ['what is ignored is another', () => writeFileSync(at('tree/.gitignore'), '')],
]

const others: readonly (readonly [what: string, change: () => void])[] = [
  ['what is ignored', () => writeFileSync(at('tree/out/built.js'), '')],
  ['what is excluded', () => writeFileSync(at('tree/left'), '')],
  ['a repository’s own files', () => writeFileSync(at('tree/.git/index'), '')],
  ['our own report', () => writeFileSync(at('tree/report.sarif'), '')],
  ['something beside the tree', () => writeFileSync(at('other'), '')],
]

describe.each([
  ['with the system’s watchers', limits.scanWatchedFoldersMax],
  ['by looking', 0],
])('%s', (_how, foldersMax) => {
  beforeEach(() => {
    vi.spyOn(limits, 'scanWatchedFoldersMax', 'get').mockReturnValue(foldersMax as never)
    vi.spyOn(limits, 'scanWatchPollMs', 'get').mockReturnValue(50 as never)
  })

  it.each(changes)('tells that %s', async (_what, change) => {
    const watch = watched()
    try {
      const told = watch.changed(AbortSignal.timeout(20_000))
      change()
      expect(await told).toBe(true)
    } finally {
      watch.close()
    }
  })

  it.each(others)('does not tell of %s', async (_what, change) => {
    const watch = watched()
    try {
      const told = watch.changed(AbortSignal.timeout(1_000))
      change()
      expect(await told).toBe(false)
    } finally {
      watch.close()
    }
  })
})

it('tells what was written between its beginning and the question', async () => {
  const watch = watched()
  appendFileSync(at('tree/app.rb'), 'b = 2\n')
  expect(await watch.changed(AbortSignal.timeout(20_000))).toBe(true)
  watch.close()
})
