import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeHistory } from './history.ts'

const directory = mkdtempSync(join(tmpdir(), 'sallyport-history-'))
afterAll(() => rmSync(directory, { recursive: true }))

const sources = [1, 2, 3].map((number) => {
  const path = join(directory, `source${number}.rb`)
  writeFileSync(path, Array.from({ length: 60 }, (_, line) => `line ${line} of ${number}`).join('\n'))
  return { path, name: `source${number}.rb` }
})

function git(folder: string, ...args: string[]): string {
  return spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout
}

it('makes as many versions as it is asked for, and the same commits each time', async () => {
  const folders = ['one', 'two'].map((name) => join(directory, name))
  for (const folder of folders) expect(await writeHistory(folder, 61, sources)).toMatchObject({ files: 61 })
  const [one = '', two = ''] = folders
  expect(git(one, 'rev-parse', 'main')).toMatch(/^[0-9a-f]{40}\n$/)
  expect(git(two, 'rev-parse', 'main')).toBe(git(one, 'rev-parse', 'main'))
  const types = git(one, 'cat-file', '--batch-all-objects', '--batch-check=%(objecttype)').split('\n')
  expect(types.filter((type) => type === 'blob')).toHaveLength(61)
  expect(types.filter((type) => type === 'commit')).toHaveLength(21)
})
