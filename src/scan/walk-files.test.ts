import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type WalkRecord, walkFiles } from './walk-files.ts'

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-walk-')))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function walk(root: string, name: string, takesIgnored = false) {
  const record: WalkRecord = { gaps: [], ignored: 0 }
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
  const { paths, gaps, ignored, links, foreign } = walk(folder, '')
  expect(paths).toEqual(['.gitignore'])
  expect(gaps).toEqual([])
  expect({ links, foreign }).toEqual({ links: 1, foreign: ['node_modules'] })
  expect(ignored).toBe(1)
})

it('takes a file for a root', () => {
  write('one.rb', '1')
  expect(walk(join(folder, 'one.rb'), 'one.rb').paths).toEqual(['one.rb'])
})

describe('in a repository', () => {
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' })
  beforeEach(() => git('init', '-q'))

  it('leaves out what git would not add, in whatever folder it begins', () => {
    fc.assert(
      fc.property(trees(), (files) => {
        for (const name of ['a', 'b', '.gitignore']) rmSync(join(folder, name), { recursive: true, force: true })
        for (const [path, text] of Object.entries(files)) write(path, text)
        const listed = git(
          'ls-files',
          '-z',
          '--others',
          '--exclude-per-directory=.gitignore',
          '--exclude-from=.git/info/exclude',
        )
        const expected = listed.split('\0').filter(Boolean).sort()
        expect(walk(folder, '').paths.sort()).toEqual(expected)
        for (const part of ['a', 'a/b']) {
          if (!existsSync(join(folder, part)) || !statSync(join(folder, part)).isDirectory()) continue
          // What is asked for by its name is read, whatever the rules say of its folder.
          if (spawnSync('git', ['-C', folder, 'check-ignore', '-q', '--no-index', part]).status === 0) continue
          expect(walk(join(folder, part), part).paths.sort()).toEqual(
            expected.filter((path) => path.startsWith(`${part}/`)),
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  it('reads what is ignored and in the repository all the same', () => {
    write('.gitignore', '.env\nbuild/\n')
    write('.env', '1')
    write('build/kept/x', '1')
    write('build/other/y', '1')
    write('sub/.env', '1')
    git('add', '-f', '.env', 'build/kept/x')
    expect(walk(folder, '').paths.sort()).toEqual(['.env', '.gitignore', 'build/kept/x'])
    expect(walk(join(folder, 'build'), 'build').paths).toEqual(['build/kept/x', 'build/other/y'])
    expect(walk(join(folder, 'sub'), 'sub')).toMatchObject({ paths: [], ignored: 1 })
  })

  it('gives a repository inside its own rules, and obeys .git/info/exclude', () => {
    write('.gitignore', '*.log\n')
    write('.git/info/exclude', 'private\n')
    write('private', '1')
    write('a.log', '1')
    write('inner/b.log', '1')
    execFileSync('git', ['init', '-q', join(folder, 'inner')])
    expect(walk(folder, '').paths.sort()).toEqual(['.gitignore', 'inner/b.log'])
  })
})

/** Files of a few names in a few folders, and ignore files among them. */
function trees() {
  const pattern = fc.constantFrom(
    'a',
    'b',
    '*',
    '/a',
    'b/',
    '!a',
    '!b/',
    'a/b',
    '**/b',
    'a/**',
    '!*/',
    'c?',
    '/*/c',
    '[cd]',
  )
  const rules = fc.array(pattern, { minLength: 1, maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`)
  const folders = ['', 'a/', 'a/b/', 'b/', 'a/b/c/']
  const ignores = fc.dictionary(fc.constantFrom(...folders.map((name) => `${name}.gitignore`)), rules, { maxKeys: 3 })
  const names = folders.flatMap((name) => [`${name}d`, `${name}ca`, `${name}x.rb`])
  const files = fc.dictionary(fc.constantFrom(...names), fc.constant('x'), { minKeys: 1, maxKeys: 10 })
  return fc.tuple(ignores, files).map(([some, others]) => ({ ...others, ...some }))
}
