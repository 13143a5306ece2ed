import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
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

function walk(root: string, name: string, takesIgnored = false) {
  const record = { gaps: [], ignored: 0 }
  const paths = [...walkFiles(root, name, record, { takesIgnored })].map(({ path }) => path)
  return { paths, ...record }
}

it('meets what is there, and names it under the given name', () => {
  write('b.rb', '2')
  write('a/c.rb', '1')
  const { paths, gaps } = walk(folder, 'app')
  expect(paths.sort()).toEqual(['app/a/c.rb', 'app/b.rb'])
  expect(gaps).toEqual([])
})

it('says what it left out', () => {
  write('node_modules/x/index.js', '1')
  write('.gitignore', 'tmp/\n')
  write('tmp/x', '1')
  symlinkSync('.', join(folder, 'loop'))
  const { paths, gaps, ignored } = walk(folder, '')
  expect(paths).toEqual(['.gitignore'])
  expect(gaps).toEqual(['1 symbolic link not followed', 'not this repository’s own code, not read: node_modules'])
  expect(ignored).toBe(1)
})

it('takes a file for a root', () => {
  write('one.rb', '1')
  expect(walk(join(folder, 'one.rb'), 'one.rb').paths).toEqual(['one.rb'])
})
