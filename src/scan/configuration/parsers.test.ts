import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workOf } from '../../../test/support/work-of.ts'
import { sourceFile } from '../source-file.ts'
import { readApache } from './read-apache.ts'
import { readCaddyfile, withSnippets } from './read-caddyfile.ts'
import { readHaproxy } from './read-haproxy.ts'
import { readIni } from './read-ini.ts'
import { readNginx } from './read-nginx.ts'
import { templateText } from './template-text.ts'

const file = (text: string) => sourceFile('a.conf', text, (line) => line)

const parsers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['nginx', (text) => readNginx(file(text))],
  ['haproxy', (text) => readHaproxy(file(text))],
  ['Apache', (text) => readApache(file(text))],
  ['Caddyfile', (text) => withSnippets(readCaddyfile(file(text)).directives)],
  ['stunnel', (text) => readIni(file(text))],
  ['template', (text) => templateText(text)],
]

const piece = fc.constantFrom(
  ...['{', '}', ';', '"', "'", '\\', '\n', ' ', '#', '<', '>', '</', '<A b>', '${', '$', '{{', '}}', '<%=', '%>', '{%'],
  ...[
    'server',
    'a_by_lua_block {',
    'frontend x\n',
    ' bind :1 ssl',
    '[x]\n',
    'a = b\n',
    '(s) {',
    'import s\n',
    '=',
    ',',
    'é',
  ],
)

describe.each(parsers)('the parser of %s', (_name, parse) => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        parse(pieces.join(''))
      }),
      { numRuns: 500 },
    )
  })

  it.each(
    [
      '{',
      '}',
      'a {',
      '"',
      "'",
      '\\',
      '\\\n',
      '<%= ',
      '{{',
      '{%',
      'a_by_lua_block {',
      '<A b>\n',
      '</A>\n',
      '}x',
      '(a) {\nimport a\nimport a\n}\n',
      '[a',
      ' ',
    ].map((unit) => [unit] as const),
  )('ends quickly on many of %j', async (unit) => {
    const text = unit.repeat(Math.ceil(400_000 / unit.length))
    expect(await workOf(() => parse(text))).toBeLessThan(200)
  })
})

it('keeps offsets through templates', () => {
  const text = 'listen <%= @port %> {{ if x }}ssl{{ end }};'
  const [directive] = readNginx(file(text)).directives
  expect(templateText(text)).toHaveLength(text.length)
  expect(directive?.args.map(({ start, end }) => text.slice(start, end))).toEqual(['<%= @port %>', 'ssl'])
})
