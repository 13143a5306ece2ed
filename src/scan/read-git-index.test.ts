import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readGitIndex } from './read-git-index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-index-'))
  execFileSync('git', ['init', '-q', folder])
  for (const path of ['a.rb', 'lib/deep/er/one.rb', 'lib/deep/two.rb', `long/${'n'.repeat(200)}.rb`, 'é/é.rb']) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
  execFileSync('git', ['-C', folder, 'add', '.'])
})
afterEach(() => rmSync(folder, { recursive: true }))

const index = () => join(folder, '.git/index')

it.each(['2', '3', '4'])('reads the names of version %s', (version) => {
  if (version === '3') execFileSync('git', ['-C', folder, 'update-index', '--skip-worktree', 'a.rb'])
  else execFileSync('git', ['-C', folder, 'update-index', '--index-version', version])
  expect(readFileSync(index()).readUInt32BE(4)).toBe(Number(version))
  const tracked = readGitIndex(index())
  expect([...(tracked?.files ?? [])]).toEqual([
    'a.rb',
    'lib/deep/er/one.rb',
    'lib/deep/two.rb',
    `long/${'n'.repeat(200)}.rb`,
    'é/é.rb',
  ])
  expect([...(tracked?.folders ?? [])].sort()).toEqual(['lib', 'lib/deep', 'lib/deep/er', 'long', 'é'])
})

it('reads the names of a repository with SHA-256', () => {
  rmSync(join(folder, '.git'), { recursive: true })
  execFileSync('git', ['init', '-q', '--object-format=sha256', folder])
  execFileSync('git', ['-C', folder, 'add', '.'])
  expect(readGitIndex(index())?.files.has('lib/deep/er/one.rb')).toBe(true)
})

it('takes what is damaged for none', () => {
  const good = readFileSync(index())
  for (let length = 0; length < good.length - 20; length += 7) {
    writeFileSync(index(), good.subarray(0, length))
    expect(() => readGitIndex(index())).not.toThrow()
  }
  for (let at = 0; at < good.length; at += 3) {
    writeFileSync(
      index(),
      good.map((byte, place) => (place === at ? byte ^ 0xff : byte)),
    )
    expect(() => readGitIndex(index())).not.toThrow()
  }
})
