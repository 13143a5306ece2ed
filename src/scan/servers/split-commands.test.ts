import fc from 'fast-check'
import { expect, it } from 'vitest'
import { workOf } from '../../../test/support/work-of.ts'
import { splitCommands } from './split-commands.ts'

const words = (text: string, variables: Record<string, string> = {}) =>
  splitCommands(text, new Map(Object.entries(variables))).map((command) => command.words)

it.each<[string, string[][]]>([
  ['puma -C config/puma.rb', [['puma', '-C', 'config/puma.rb']]],
  [`a "b c" 'd $e' f\\ g`, [['a', 'b c', 'd $e', 'f g']]],
  ['a && b || c; d | e &', [['a'], ['b'], ['c'], ['d'], ['e']]],
  [
    `cd /app && exec puma -p \${PORT:-3000}`,
    [
      ['cd', '/app'],
      ['exec', 'puma', '-p', '3000'],
    ],
  ],
  ['puma \\\n  -p 1 # a comment\n', [['puma', '-p', '1']]],
  ['puma > log 2>&1 < /dev/null', [['puma']]],
  ['cat <<EOF\npuma -p 1\nEOF\nthin start', [['cat'], ['thin', 'start']]],
  [
    'if [ -f x ]; then\n  exec puma\nfi',
    [
      ['[', '-f', 'x', ']'],
      ['exec', 'puma'],
    ],
  ],
  ['start() {\n  puma\n}', [['start'], ['puma']]],
  ['puma -b "ssl://0.0.0.0:1?a=b&c=d"', [['puma', '-b', 'ssl://0.0.0.0:1?a=b&c=d']]],
  ['x "$(id -u)" `y z` $# "$@"', [['x', '$(id -u)', '`y z`', '$#', '$@']]],
  ['', []],
])('splits %j', (text, expected) => {
  expect(words(text)).toEqual(expected)
})

it('knows variables of the environment, and those that the text sets', () => {
  expect(words('puma -p $PORT', { PORT: '4' })).toEqual([['puma', '-p', '4']])
  expect(words(`PORT=5\nexport HOST=h\npuma -b tcp://$HOST:\${PORT}`, { PORT: '4' }).at(-1)).toEqual([
    'puma',
    '-b',
    'tcp://h:5',
  ])
  expect(words('puma -p $PORT')).toEqual([['puma', '-p', '$PORT']])
})

it('tells where a command stands, and what is set for it alone', () => {
  const text = 'true && RACK_ENV=production puma\n'
  const [, command] = splitCommands(text, new Map())
  expect(command?.assignments).toEqual([['RACK_ENV', 'production']])
  expect(text.slice(command?.start, command?.end)).toBe('RACK_ENV=production puma')
})

it('ends on every text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab=$ {}()`"\'\\\n;|&<>-#1'), maxLength: 80 }), (text) => {
      for (const { start, end } of splitCommands(text, new Map())) expect(start).toBeLessThanOrEqual(end)
    }),
  )
})

it('takes time in proportion to the text', async () => {
  const work = await workOf(() => {
    for (const unit of ['a ', '"', '$(', '${', "'", '<<x\n', '\\\n', '#', '`', '(', '$a'])
      splitCommands(unit.repeat(200_000 / unit.length), new Map())
  })
  expect(work).toBeLessThan(150)
})
