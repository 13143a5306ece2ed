import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isIgnored, parseIgnoreFile } from './ignore.ts'

it.each([
  ['*.log', 'a/b.log', false, true],
  ['/build', 'build', true, true],
  ['/build', 'src/build', true, false],
  ['build/', 'build', false, false],
  ['build/', 'a/build', true, true],
  ['a/**/z', 'a/z', false, true],
  ['a/**/z', 'a/b/c/z', false, true],
  ['**/z', 'x/y/z', false, true],
  ['a/**', 'a', true, false],
  ['a/**', 'a/b', false, true],
  ['*.rb\n!keep.rb', 'keep.rb', false, false],
  ['[a-c].txt', 'b.txt', false, true],
  ['[!a-c].txt', 'b.txt', false, false],
  ['\\#x', '#x', false, true],
  ['# x', '# x', false, false],
  ['a b ', 'a b', false, true],
  ['?.rb', 'ab.rb', false, false],
  ['b**/b', 'bb', false, true],
  ['****/b', 'b', false, true],
  ['a\\/**', 'a/b', false, true],
  ['a[', 'a[', false, false],
  ['a\\ ', 'a ', false, true],
] as const)('%j decides about %s', (text, path, isFolder, ignored) => {
  expect(isIgnored([parseIgnoreFile('', text)], path, isFolder)).toBe(ignored)
})

it('lets the nearest file decide', () => {
  const files = [parseIgnoreFile('', '*.txt'), parseIgnoreFile('a', '!x.txt')]
  expect(isIgnored(files, 'a/x.txt', false)).toBe(false)
  expect(isIgnored(files, 'b/x.txt', false)).toBe(true)
})

it('agrees with git', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-ignore-'))
  try {
    execFileSync('git', ['init', '-q', folder])
    const plain = fc.constantFrom('a', 'b', '*', '**', '?', '/')
    const odd = [
      '!',
      '[ab]',
      '[!a]',
      '\\a',
      ' ',
      '\\ ',
      '\t',
      '#',
      '\\',
      '[',
      ']',
      '[]a]',
      '[^b]',
      '[a-b]',
      '[[:alpha:]]',
    ]
    const token = fc.oneof(
      { weight: 3, arbitrary: plain },
      { weight: 1, arbitrary: fc.constantFrom(...odd, '[a/]', 'é') },
    )
    const word = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join(''))
    const path = fc.stringMatching(/^[abé]{1,3}(?:\/[ab \]#é]{1,3}){0,2}$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), path, (patterns, file) => {
        writeFileSync(join(folder, '.gitignore'), `${patterns.join('\n')}\n`)
        const { status } = spawnSync('git', ['-C', folder, 'check-ignore', '-q', '--no-index', file])
        const rules = [parseIgnoreFile('', patterns.join('\n'))]
        const parents = file.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'))
        // A file in an ignored folder is ignored: the walk never gets there.
        const ignored = parents.some((parent) => isIgnored(rules, parent, parent !== file))
        expect(ignored).toBe(status === 0)
      }),
      { numRuns: 400, examples: [[['***/b', 'a'], 'b']] },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('takes few steps for a pattern made to be slow', () => {
  const rules = [parseIgnoreFile('', `${'*a'.repeat(50)}b\n${'**/a/'.repeat(50)}b`)]
  const effort = { stepsLeft: 1_000_000 }
  expect(isIgnored(rules, `${'a'.repeat(5_000)}/${'a/'.repeat(200)}c`, false, effort)).toBe(false)
  expect(effort.stepsLeft).toBeGreaterThan(900_000)
})

it('compares names with none of very many other names', () => {
  const names = Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? `name${i}` : `/a/name${i}`)).join('\n')
  const rules = [parseIgnoreFile('', `*.log\n${names}\n!/a/name4`)]
  const effort = { stepsLeft: 100 }
  const ignored = ['a/name7', 'name7', 'b/name8', 'a/name4', 'b.log', 'b.txt'].filter((path) =>
    isIgnored(rules, path, false, effort),
  )
  expect(ignored).toEqual(['a/name7', 'b/name8', 'b.log'])
  expect(effort.stepsLeft).toBeGreaterThan(90)
})

it('leaves nothing out by what it is not allowed to compare', () => {
  const rules = [parseIgnoreFile('', `name\n${'a*b?c\n'.repeat(1_000)}`)]
  const effort = { stepsLeft: 500 }
  expect(isIgnored(rules, 'aaabbc', false, effort)).toBe(true)
  expect(isIgnored(rules, 'aaaaaaaaaa', false, effort)).toBe(false)
  expect(effort.stepsLeft).toBeLessThanOrEqual(0)
  expect(isIgnored(rules, 'aaabbc', false, effort)).toBe(false)
  expect(isIgnored(rules, 'name', false, effort)).toBe(false)
})
