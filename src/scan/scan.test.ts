import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workOf } from '../../test/support/work-of.ts'
import { capsOf } from '../finding/grade.ts'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import { limits } from '../limits.ts'
import { scan } from './scan.ts'

// The same keys in every run: chance would now and then make a word by which a placeholder is known.
let draws = 0
const random = randomText((length) => createHash('shake256', { outputLength: length }).update(String(draws++)).digest())
const kinds = await loadKinds()
const seed = readFileSync(join(import.meta.dirname, '../../test/apps/payments/app.rb'), 'utf8')

const rulesOf = async (files: Record<string, string>) =>
  (await scan(Object.entries(files).map(([path, text]) => ({ path, text })))).findings.map(({ rule, at }) =>
    'file' in at ? `${at.file}:${at.line} ${rule}` : rule,
  )

describe('whatever a file holds', () => {
  it('does not throw, and parses or says why not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const { parsed, gaps } = await scan([{ path: 'a.rb', text }])
        expect((parsed.ruby ?? 0) + gaps.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  it('does not throw on Ruby with holes, doublings and strange characters', async () => {
    const piece = fc.constantFrom(
      '"',
      '#{',
      '}',
      '(',
      ')',
      'end',
      'do |x|',
      '\n',
      'é',
      '\u{1f511}',
      '%w[',
      '<<~A',
      '@',
      ':',
    )
    await fc.assert(
      fc.asyncProperty(fc.nat(seed.length), fc.nat(40), piece, async (at, length, inserted) => {
        const text = seed.slice(0, at) + inserted + seed.slice(at + length)
        for (const finding of (await scan([{ path: 'a.rb', text }])).findings) {
          expect(text.split('\n')[('line' in finding.at ? finding.at.line : 0) - 1]).toBeDefined()
        }
      }),
      { numRuns: 150 },
    )
  })

  it.each([
    ['parentheses', '('.repeat(10_000)],
    ['closed parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['blocks', 'a do\n'.repeat(5_000)],
    ['a sum', `x = ${'1 + '.repeat(20_000)}1`],
    ['interpolation', `${'"#{'.repeat(3_000)}1${'}"'.repeat(3_000)}`],
    ['a line of 1.5 million characters', `x = "${'a'.repeat(1_500_000)}"`],
    ['a wide list', `x = [${'ENV["A_KEY"], '.repeat(20_000)}]`],
    [
      'functions that call each other',
      Array.from({ length: 300 }, (_, i) => `def f${i}(a) = f${(i + 1) % 300}(a) + f${(i + 7) % 300}(a)`).join('\n'),
    ],
    ['branches', `x = 1\n${'if a then x = b else x = c end\n'.repeat(3_000)}`],
    ['keys cut short', 'sk_live_'.repeat(100_000)],
  ])('ends quickly on %s', async (_name, text) => {
    expect(await workOf(() => scan([{ path: 'a.rb', text }]))).toBeLessThan(400)
  })

  it.each(['x = x + x', 'x = "#{x}#{x}"'])('follows what stands behind a text that doubles by %s', async (doubling) => {
    const text = `x = 'a'\n${`${doubling}\n`.repeat(60)}puts ENV['STRIPE_API_KEY']\n`
    const { findings, gaps } = await scan([{ path: 'a.rb', text }])
    expect(gaps).toEqual([])
    expect(findings).toMatchObject([{ rule: 'key-in-log' }])
  })

  it('tells so many findings of a rule, and says that there are more', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `PASSWORD_${i}=Zk${String(i).padStart(6, '0')}qWx9pLm3vB7\n`)
    const { findings, gaps } = await scan([{ path: '.env', text: text.join('') }])
    expect(findings).toHaveLength(limits.scanFindingsMax)
    expect(gaps).toEqual([expect.stringMatching(/^\.env: more than [\d,]+ findings of generic-secret/)])
  })

  it('says so when a file is nested too deeply, and looks at the others', async () => {
    const { findings, gaps } = await scan([
      { path: 'a.rb', text: `${'('.repeat(10_000)}1` },
      { path: 'b.rb', text: "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }" },
    ])
    expect(gaps).toEqual(['a.rb:1:1: nested too deeply; searched for keys, not followed'])
    expect(findings).toMatchObject([{ rule: 'key-in-response', at: { file: 'b.rb', line: 2 } }])
  })
})

it('shows no key anywhere in its findings', async () => {
  for (const kind of kinds) {
    const key = kind.example(random)
    const text = `require 'sinatra'\nKEY = ENV['X_API_KEY'] || '${key}'\nPASSWORD = 'correct horse'\nget('/') { KEY }\nset :ssl_verify_client, '${key}'\n`
    const result = await scan([{ path: 'app.rb', text }])
    expect(result.findings.length).toBeGreaterThan(2)
    // The last line of a private key is public.
    expect(JSON.stringify(result)).not.toContain(key.replace(/\s-----END.*$/, '').slice(-12))
  }
})

it('counts columns in UTF-16 code units, as editors do', async () => {
  const line = "get('/') { x = '\u{1f511}é'; ENV['STRIPE_API_KEY'] }"
  const { findings } = await scan([{ path: 'app.rb', text: `require 'sinatra'\n${line}` }])
  expect(findings).toMatchObject([{ at: { line: 2, column: line.indexOf('ENV') + 1 } }])
})

it('keeps two apps that stand side by side apart', async () => {
  expect(
    await rulesOf({
      'one.rb': "require 'sinatra'\ndef key = ENV['STRIPE_API_KEY']\nget('/') { 'ok' }",
      'two.rb': "require 'sinatra'\nget('/') { key }\ndef key = 'none'",
    }),
  ).toEqual([])
})

it('follows a key over files that load each other', async () => {
  expect(
    await rulesOf({
      'app.rb': "require 'sinatra'\nrequire_relative 'lib/key'\nget('/') { Key.read }",
      'lib/key.rb': "module Key\n  def self.read = ENV['STRIPE_API_KEY']\nend",
    }),
  ).toEqual(['app.rb:3 key-in-response'])
})

it('tells the path from source to sink, step by step', async () => {
  const text =
    "require 'sinatra'\ndef key(name)\n  ENV[name]\nend\nget '/' do\n  k = key('STRIPE_API_KEY')\n  \"k=#{k}\"\nend"
  const { findings } = await scan([{ path: 'app.rb', text }])
  expect(findings[0]?.path?.map(({ at, says }) => `${at.line} ${says}`)).toEqual([
    '3 STRIPE_API_KEY is read from the environment',
    '6 returned by key; kept in k',
    '7 built into a string; answered to the client',
  ])
})

it('caps the grade at D for a live key and not for one of test mode', async () => {
  const stripe = kinds.find(({ id }) => id === 'stripe-secret-key')
  const key = stripe?.example(random) ?? ''
  const capsIn = async (text: string) => {
    const { findings, rules } = await scan([{ path: 'a.txt', text }])
    return capsOf(findings, rules)
  }
  expect(await capsIn(key)).toMatchObject([{ grade: 'D' }])
  expect(await capsIn(key.replace('live', 'test'))).toEqual([])
})

describe('a secret that the service itself works with', () => {
  const staying = kinds.filter(({ use }) => use === 'stays')
  const adviceOn = async (text: string) => (await scan([{ path: 'app.rb', text }])).findings.map(({ fix }) => fix)

  it.each(staying.filter(({ shape }) => shape).map((kind) => [kind.id, kind] as const))(
    'is found where a %s is written, and is to be made anew and loaded, not sent',
    async (_id, kind) => {
      const { findings } = await scan([{ path: 'config/app.conf', text: `value = "${kind.example(random)}"\n` }])
      expect(findings).toMatchObject([{ at: { line: 1 } }])
      expect(findings[0]?.fix).toMatch(/Make a new|Change the password/)
      expect(findings[0]?.fix).toMatch(/a store/)
    },
  )

  it.each(staying.map(({ id, environment: [variable = ''] }) => [id, variable] as const))(
    'is followed from the variable of a %s, and never to be put in a request',
    async (_id, variable) => {
      const advice = await adviceOn(
        `require 'sinatra'\nKEPT = ENV['${variable}']\nget('/a') { "is #{KEPT}" }\nget('/b') { raise "no #{KEPT}" }\nget('/c') { logger.info(KEPT) }\n`,
      )
      expect(advice).toHaveLength(4)
      expect(advice.join()).not.toMatch(/sallyport run|request field|Authorization/)
    },
  )

  it('is advised on as a key is where both are in one place', async () => {
    const advice = await adviceOn("KEPT = ENV['SESSION_SECRET'] || ENV['STRIPE_API_KEY']\n")
    expect(advice).toEqual([expect.stringContaining('sallyport run')])
  })

  it('may be the URL that is asked for, or connected to', async () => {
    expect(await adviceOn("require 'uri'\nURI.parse(ENV['DATABASE_URL']).host\n")).toEqual([])
    expect(await adviceOn("require 'uri'\nURI.parse(\"https://a.example/?s=#{ENV['SESSION_SECRET']}\")\n")).toEqual([
      expect.stringMatching(/^Keep SESSION_SECRET out of every request/),
    ])
  })

  it.each([
    'postgres://app:app@db:5432/app',
    'postgresql://postgres:password@db/app',
    'mysql://root:4fRt8sKq0LmZ@localhost:3306/app',
    'redis://:4fRt8sKq0LmZ@127.0.0.1:6379/0',
    'postgres://%s:%s@%s/%s',
    'postgres://app:<password>@db.internal/app',
    'postgres://db.internal/app',
  ])('is no secret in %s', async (url) => {
    expect((await scan([{ path: 'a.yml', text: `url: ${url}\n` }])).findings).toEqual([])
  })
})

it.each(kinds.filter(({ fits, shape }) => fits && !shape).map((kind) => [kind.id, kind] as const))(
  'finds a %s by the name that it is given to, in the forms of configuration',
  async (_id, kind) => {
    const key = kind.example(random)
    const [name = ''] = kind.environment
    for (const line of [
      `${name}=${key}`,
      `export ${name}="${key}"`,
      `${name.toLowerCase()}: ${key}`,
      `"${name}": "${key}",`,
      `'${name}' => '${key}',`,
      `ENV['${name}'] ||= '${key}'`,
    ]) {
      const { findings } = await scan([{ path: 'config/app.conf', text: `first: line\n${line}\n` }])
      expect(findings).toMatchObject([{ rule: 'key-literal', at: { line: 2 } }])
      expect(JSON.stringify(findings)).not.toContain(key.slice(-12))
    }
    for (const other of [
      `OTHER_THING=${key}`,
      `X${name}=${key}`,
      `${name}=${key}${'z'.repeat(99)}`,
      `see ${name} ${key}`,
    ]) {
      const { findings } = await scan([{ path: 'config/app.conf', text: other }])
      expect(findings.filter(({ rule }) => rule === 'key-literal')).toEqual([])
    }
  },
)

it('takes no phantom for a key', async () => {
  for (const kind of kinds) {
    const phantom = kind.phantom(random, { prefix: kind.shape?.prefixes[0] ?? '', length: 40 })
    expect((await scan([{ path: 'a.env', text: `KEY=${phantom}\n` }])).findings).toEqual([])
  }
})
