import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { walkFiles } from './walk-files.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-walk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

it('reads what is there, sorted, and names it under the given name', () => {
  write('b.rb', '2')
  write('a/c.rb', '1')
  const { files, gaps } = walkFiles(folder, 'app')
  expect(files.map(({ path, text }) => [path, text])).toEqual([
    ['app/a/c.rb', '1'],
    ['app/b.rb', '2'],
  ])
  expect(gaps).toEqual([])
})

it('says what it did not read', () => {
  write('node_modules/x/index.js', '1')
  write('big.txt', '')
  truncateSync(join(folder, 'big.txt'), limits.scanFileBytesMax + 1)
  write('picture.png', Uint8Array.of(0x89, 0, 1))
  write('.gitignore', 'tmp/\n')
  write('tmp/x', '1')
  symlinkSync('.', join(folder, 'loop'))
  const { files, gaps, ignored, binary } = walkFiles(folder, '')
  expect(files.map(({ path }) => path)).toEqual(['.gitignore'])
  expect(gaps).toEqual([
    'big.txt: larger than 32 MiB, not read',
    '1 symbolic link not followed',
    'not this repository’s own code, not read: node_modules',
  ])
  expect([ignored, binary]).toEqual([1, 1])
})

it('reads bytes that are not UTF-8', () => {
  write('latin.rb', Uint8Array.of(0x70, 0x20, 0xe9, 0x0a))
  expect(walkFiles(folder, '').files[0]?.text).toBe('p \ufffd\n')
})

it('takes a file for a root', () => {
  write('one.rb', '1')
  expect(walkFiles(join(folder, 'one.rb'), 'one.rb').files).toMatchObject([{ path: 'one.rb', text: '1' }])
})
