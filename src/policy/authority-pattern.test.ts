import { expect, it } from 'vitest'
import { compileAuthorityPattern, matchesAuthority } from './authority-pattern.ts'

function ask(text: string, authority: string): boolean | string {
  const compiled = compileAuthorityPattern(text)
  return 'problem' in compiled ? compiled.problem : matchesAuthority(compiled.pattern, authority)
}

it.each([
  ['api.test', 'api.test:443'],
  ['api.test', 'api.test:8443'],
  ['api.test', 'api.test'],
  ['api.test:443', 'api.test:443'],
  ['api.test:443', 'api.test'],
  ['api.test:8443', 'api.test:8443'],
  ['*.api.test', 'a.api.test:443'],
  ['*.api.test', 'a.b.api.test:443'],
  ['*.api.test:8443', 'a.api.test:8443'],
  ['[::1]', '[::1]:443'],
  ['[::1]:8443', '[::1]:8443'],
  ['127.0.0.1:80', '127.0.0.1:80'],
])('%s covers %s', (pattern, authority) => expect(ask(pattern, authority)).toBe(true))

it.each([
  ['api.test', 'api.test.evil.test:443'],
  ['api.test', 'xapi.test:443'],
  ['api.test', 'a.api.test:443'],
  ['api.test:443', 'api.test:8443'],
  ['api.test:443', 'api.test:4430'],
  ['api.test:443', 'api.test:'],
  ['api.test:443', 'api.test:443x'],
  ['api.test:8443', 'api.test'],
  ['api.test', 'api.test.:443'],
  ['*.api.test', 'api.test:443'],
  ['*.api.test', '.api.test:443'],
  ['*.api.test', 'xapi.test:443'],
  ['*.api.test', 'a.api.test.evil.test:443'],
  ['*.api.test:443', 'a.api.test:8443'],
  ['[::1]', '[::2]:443'],
  ['[::1]', '::1'],
])('%s does not cover %s', (pattern, authority) => expect(ask(pattern, authority)).toBe(false))

it.each([
  '',
  '*',
  '*.',
  '*api.test',
  'a.*.test',
  'API.test',
  'api.test.',
  'a..b',
  'bücher.test',
  'a b',
  'a/b',
  'u@a',
  'a:0',
  'a:70000',
  'a:b',
  '[::1',
  '[zz]',
  '::1',
])('%j does not compile, and says why', (pattern) => expect(ask(pattern, 'a:443')).toMatch(/^(is|holds|has|ends) /))
