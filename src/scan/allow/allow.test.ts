import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workOf } from '../../../test/support/work-of.ts'
import { scan } from '../scan.ts'
import { sourceFile } from '../source-file.ts'
import { findAllows } from './find-allows.ts'

const allowsIn = (path: string, text: string) =>
  findAllows(sourceFile(path, text, (whole) => whole)).map(({ covers, rules, reason }) => ({
    covers,
    rules: rules.map(({ id }) => id),
    reason,
  }))

const one = { rules: ['key-in-log'], reason: 'a canary' }

describe('a comment', () => {
  it.each([
    ['app.rb', 'x = 1 # sallyport: allow key-in-log -- a canary', 1],
    ['app.rb', '# sallyport: allow key-in-log -- a canary\nx = 1', 2],
    ['app.rb', '  # sallyport: allow key-in-log -- a canary\n\n  # more\n  x = 1', 4],
    ['app.rb', 'puts "it\'s #{x}" # sallyport: allow key-in-log -- a canary', 1],
    ['app.rb', "x = ?' # sallyport: allow key-in-log -- a canary", 1],
    ['app.rb', 'x = 1 # nosec # sallyport: allow key-in-log -- a canary', 1],
    ['app.rb', 'class << self\nx # sallyport: allow key-in-log -- a canary', 2],
    ['app.rb', 'x = <<~A\n  text\nA\ny # sallyport: allow key-in-log -- a canary', 4],
    ['a.js', '/* sallyport: allow key-in-log -- a canary */ f()', 1],
    ['a.ts', '/*\n * sallyport: allow key-in-log -- a canary\n */\nf()', 4],
    ['a.go', 'f() // sallyport:allow key-in-log — a canary', 1],
    ['a.sql', 'select 1 -- sallyport: allow key-in-log -- a canary', 1],
    ['a.ini', '; sallyport: allow key-in-log -- a canary\nx=1', 2],
    ['a.html', '<!-- sallyport: allow key-in-log -- a canary -->\n<p>', 2],
    ['a.erb', '<%# sallyport: allow key-in-log -- a canary %>\n<%= x %>', 2],
    ['a.erb', '<% # sallyport: allow key-in-log -- a canary %>\n<%= x %>', 2],
    ['a.haml', '-# sallyport: allow key-in-log -- a canary\n= x', 2],
    ['a.slim', '/ sallyport: allow key-in-log -- a canary\n= x', 2],
    ['Dockerfile', 'ENV A=b\n# sallyport: allow key-in-log -- a canary\nRUN x', 3],
    ['unheard.of', '// sallyport: allow key-in-log -- a canary\nx', 2],
    ['README.md', '<!-- sallyport: allow key-in-log -- a canary -->\ntext', 2],
  ])('in %s is read: %j', (path, text, covers) => {
    expect(allowsIn(path, text)).toEqual([{ ...one, covers }])
  })

  it.each([
    ['app.rb', 'x = "# sallyport: allow key-in-log -- a canary"'],
    ['app.rb', "x = '\\'# sallyport: allow key-in-log -- a canary'"],
    ['app.rb', 'x = <<~A\n  # sallyport: allow key-in-log -- a canary\nA\n'],
    ['a.py', 'x = """\n# sallyport: allow key-in-log -- a canary\n"""'],
    ['a.js', 'x = `\n// sallyport: allow key-in-log -- a canary\n`'],
    ['a.json', '{ "a": "# sallyport: allow key-in-log -- a canary" }'],
    ['a.md', '```ruby\n# sallyport: allow key-in-log -- a canary\n```'],
    ['a.rb', '# write `# sallyport: allow key-in-log -- a canary`'],
    ['a.go', 'f() # sallyport: allow key-in-log -- a canary'],
    ['a.js', 'x = "http://sallyport: allow key-in-log -- a canary"'],
    ['a.rb', '# sallyport: allowed key-in-log -- a canary'],
  ])('in %s is none: %j', (path, text) => {
    expect(allowsIn(path, text)).toEqual([])
  })

  it('may name several rules, and needs a reason', () => {
    expect(allowsIn('a.rb', '# sallyport: allow key-in-log, key-in-url -- both -- really')).toMatchObject([
      { rules: ['key-in-log', 'key-in-url'], reason: 'both -- really' },
    ])
    expect(allowsIn('a.rb', '# sallyport: allow key-in-log')).toMatchObject([{ reason: '' }])
    expect(allowsIn('a.rb', '# sallyport: allow')).toMatchObject([{ rules: [], reason: '' }])
  })

  it('never raises an error, whatever the text and the kind of file', () => {
    const piece = fc.constantFrom(
      '#',
      '//',
      '/*',
      '*/',
      '<!--',
      '-->',
      '"',
      "'",
      '`',
      '"""',
      '<<A',
      'A',
      '\n',
      ' ',
      '\\',
      'sallyport: allow x -- y',
    )
    const path = fc.constantFrom('a.rb', 'a.py', 'a.js', 'a.html', 'a.erb', 'a.sql', 'a')
    fc.assert(
      fc.property(path, fc.array(piece, { maxLength: 40 }), (name, pieces) => {
        const text = pieces.join('')
        for (const { start, end, rules } of findAllows(sourceFile(name, text, (whole) => whole))) {
          expect(text.slice(start, end)).toMatch(/^sallyport:/)
          for (const { id, start: from, end: to } of rules) expect(text.slice(from, to)).toBe(id)
        }
      }),
    )
  })

  it('is found in linear time', async () => {
    const text = `${'x <<A "\'` /* '.repeat(50_000)}\n${'<<B\n'.repeat(50_000)}# sallyport: allow x -- y`
    expect(await workOf(() => findAllows(sourceFile('a.rb', text, (whole) => whole)))).toBeLessThan(250)
  })
})

describe('allowing', () => {
  const leaky = (comment: string, above = '') =>
    `require 'sinatra'\nget '/' do\n${above}  logger.info(ENV['STRIPE_API_KEY'])${comment}\n  'ok'\nend\n`
  const outcome = async (text: string) => {
    const { findings, suppressed } = await scan([{ path: 'app.rb', text }])
    return {
      findings: findings.map(({ rule, at }) => `${'line' in at ? at.line : ''} ${rule}`),
      suppressed: suppressed.map(({ rule, suppression }) => `${rule}: ${suppression.reason}`),
    }
  }

  it('takes the finding of the line out, and keeps it with its reason', async () => {
    const allowed = { findings: [], suppressed: ['key-in-log: a canary'] }
    expect(await outcome(leaky(''))).toEqual({ findings: ['3 key-in-log'], suppressed: [] })
    expect(await outcome(leaky(' # sallyport: allow key-in-log -- a canary'))).toEqual(allowed)
    expect(await outcome(leaky('', '  # sallyport: allow key-in-log -- a canary\n'))).toEqual(allowed)
  })

  it('takes out no other rule, no other line, and nothing without a reason', async () => {
    expect((await outcome(leaky(' # sallyport: allow key-in-url -- no'))).findings).toEqual([
      '3 key-in-log',
      '3 allow-unused',
    ])
    expect((await outcome(leaky('\n  # sallyport: allow key-in-log -- no'))).findings).toEqual([
      '3 key-in-log',
      '4 allow-unused',
    ])
    expect((await outcome(leaky(' # sallyport: allow key-in-log'))).findings).toEqual([
      '3 key-in-log',
      '3 allow-without-reason',
    ])
  })

  it('does not call a comment unused in a file that could not be read whole', async () => {
    const { findings, gaps } = await scan([{ path: 'a.rb', text: '# sallyport: allow key-in-log -- x\ndef (\n' }])
    expect(gaps).toHaveLength(1)
    expect(findings).toEqual([])
  })

  it('shows no key that stands in a comment’s names or reason', async () => {
    const { loadKinds } = await import('../../keys/load-kinds.ts')
    const { randomText } = await import('../../keys/random.ts')
    const kind = (await loadKinds()).find(({ id }) => id === 'stripe-secret-key')
    const key = kind?.example(randomText()) ?? ''
    const text = leaky(` # sallyport: allow key-in-log, ${key} -- ${key}`)
    const result = await scan([{ path: 'app.rb', text }])
    expect(result.suppressed).toHaveLength(1)
    expect(JSON.stringify([result.findings, result.suppressed])).not.toContain(key.slice(8))
  })
})
