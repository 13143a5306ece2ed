import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePathPattern, matchesPath, readPath } from './path-pattern.ts'

/** match, no match, or ambiguous. */
function ask(pattern: string, target: string): string {
  const compiled = compilePathPattern(pattern)
  if ('problem' in compiled) return compiled.problem
  const path = readPath(target)
  if (path === undefined) return 'ambiguous'
  return matchesPath(compiled.pattern, path) ? 'match' : 'no match'
}

describe('a pattern', () => {
  it.each([
    ['/', '/'],
    ['/v1', '/v1'],
    ['/v1', '/v1?q=/../x'],
    ['/v1/', '/v1/'],
    ['/v1/*', '/v1/charges'],
    ['/v1/*/refunds', '/v1/ch_1/refunds'],
    ['/**', '/'],
    ['/**', '/a/b/c'],
    ['/v1/charges/**', '/v1/charges'],
    ['/v1/charges/**', '/v1/charges/'],
    ['/v1/charges/**', '/v1/charges/ch_1/refunds'],
    ['/**/b', '/b'],
    ['/**/b', '/a/a/b'],
    ['/a/**/b/**/c', '/a/x/b/y/b/z/c'],
    ['/a/**/b/**/c', '/a/b/c'],
    ['/**/**', '/a'],
    ['/**/*', '/a'],
    ['/a%20b', '/a%20b'],
    ['/a-b', '/%61%2db'],
    ['/%2A', '/*'],
    ['/caf%C3%A9', '/caf%c3%a9'],
    ['/file.json', '/file%2ejson'],
    ['/..a', '/..a'],
  ])('%s matches %s', (pattern, target) => expect(ask(pattern, target)).toBe('match'))

  it.each([
    ['/', '/a'],
    ['/v1', '/'],
    ['/v1', '/v1/'],
    ['/v1', '/V1'],
    ['/v1', '/v11'],
    ['/v1/*', '/v1'],
    ['/v1/*', '/v1/'],
    ['/v1/*', '/v1/a/b'],
    ['/v1/charges/**', '/v1/chargesx'],
    ['/v1/charges/**', '/v1'],
    ['/**/b', '/a'],
    ['/**/b', '/b/a'],
    ['/a/**/b/**/c', '/a/b/b'],
    ['/**/*', '/'],
    ['/%2A', '/a'],
    ['/**', '*'],
  ])('%s does not match %s', (pattern, target) => expect(ask(pattern, target)).toBe('no match'))

  it.each([
    'v1',
    '',
    '/a*',
    '/*a',
    '/***',
    '/a?b',
    '/a#b',
    '/a//b',
    '/a/../b',
    '/a/%2e%2e/b',
    '/a%2fb',
    '/a b',
    '/é',
    '/%zz',
    '/a\\b',
  ])('%s does not compile, and says why', (pattern) =>
    expect(compilePathPattern(pattern)).toEqual({ problem: expect.stringMatching(/^(does|holds|can|has) /) }),
  )
})

describe('a path', () => {
  it.each([
    '',
    'a',
    '//',
    '//evil.test/v1',
    '/v1//charges',
    '/v1/charges//',
    '/v1/./charges',
    '/v1/../admin',
    '/v1/charges/..',
    '/v1/charges/.',
    '/v1/%2e%2e/admin',
    '/v1/%2E./admin',
    '/v1/.%2e',
    '/v1/%2e',
    '/v1/..;/admin',
    '/v1/..;x=1/admin',
    '/v1/.;/admin',
    '/v1/%2e%2e;/admin',
    '/v1/a%2fb',
    '/v1/a%2Fb',
    '/v1/a%5cb',
    '/v1/a\\b',
    '/v1/a%00',
    '/v1/a%0d%0aX: y',
    '/v1/a%7f',
    '/v1/%252e%252e/admin',
    '/v1/%252fadmin',
    '/v1/%255cadmin',
    '/v1/%2500',
    '/v1/%',
    '/v1/%4',
    '/v1/%zz',
    '/v1/a b',
    '/v1/a\tb',
    '/v1/a\0b',
    '/v1/\xe9',
    '/v1/a#b',
  ])('%j is ambiguous', (target) => expect(ask('/**', target)).toBe('ambiguous'))

  it.each(['/100%25', '/a;b=1', '/...', '/.well-known/x', '/a%3Fb', '/?//..%2f', '/a%20b', '/a:b@c'])(
    '%s is not',
    (target) => expect(ask('/**', target)).toBe('match'),
  )

  it('has one reading: what `new URL` makes of an accepted path names the same segments', () => {
    const piece = fc.constantFrom(
      '/',
      '//',
      '.',
      '..',
      '%2e',
      '%2F',
      '%5c',
      '\\',
      'a',
      'b',
      ';',
      '%',
      '%41',
      '%00',
      '?',
      '*',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const target = `/${pieces.join('')}`
        const path = readPath(target)
        if (path === undefined) return
        const { pathname } = new URL(target, 'https://a.test')
        expect(unescape(pathname)).toBe(path)
      }),
      { numRuns: 3000 },
    )
  })
})

it('agrees with a plain regular expression on every pattern and path', () => {
  const segments = fc.array(fc.constantFrom('a', 'b', '*', '**'), { minLength: 1, maxLength: 6 })
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(segments, path, (parts, names) => {
      const source = parts
        .map((part) => (part === '**' ? '(?:/[^/]*)*' : part === '*' ? '/[^/]+' : `/${part}`))
        .join('')
      const target = `/${names.join('/')}`
      expect(ask(`/${parts.join('/')}`, target) === 'match').toBe(new RegExp(`^${source}$`).test(target))
    }),
    { numRuns: 2000 },
  )
})

it('takes no time that grows with the number of ways to match', () => {
  const started = performance.now()
  expect(ask(`${'/**/a'.repeat(60)}/b`, '/a'.repeat(4000))).toBe('no match')
  expect(performance.now() - started).toBeLessThan(500)
})
