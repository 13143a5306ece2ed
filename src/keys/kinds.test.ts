import { describe, expect, it } from 'vitest'
import { isKey, isNamedKey, type KeyKind, keyAt, likenessOf } from './kind.ts'
import { loadKinds } from './load-kinds.ts'
import { phantomHexMark, phantomMark, type Random, randomText, randomUuid } from './random.ts'

const kinds = await loadKinds()
const random = randomText()

describe.each(kinds.map((kind) => [kind.id, kind] as const))('%s', (_id, kind) => {
  it('recognises its own examples, and nothing shorter', () => {
    for (let i = 0; i < 50; i++) {
      const key = kind.example(random)
      // Without a form of its own it is known by its name alone.
      expect(isKey(kind, key)).toBe(kind.shape !== undefined)
      expect(isKey(kind, key.slice(0, 7))).toBe(false)
      if (kind.shape) expect(keyAt(kind, `x = "${key}"`, 5)).toBe(5 + key.length)
    }
  })

  it('makes phantoms that are taken for keys of its own by their name, where its keys are', () => {
    const key = kind.example(random)
    const phantom = kind.phantom(random, likenessOf(kind, Buffer.from(key)))
    for (const variable of kind.environment) {
      const isTaken = kind.shape === undefined && kind.fits !== undefined
      expect(isNamedKey(kind, variable, holding(kind, variable, key))).toBe(isTaken)
      expect(isNamedKey(kind, variable, holding(kind, variable, phantom))).toBe(isTaken)
      expect(isNamedKey(kind, 'ANOTHER_NAME', holding(kind, 'ANOTHER_NAME', key))).toBe(false)
    }
  })

  it('makes phantoms of its own shape and length, each a different one, that a person recognises', () => {
    const key = kind.example(random)
    const like = likenessOf(kind, Buffer.from(key))
    const phantoms = new Set(Array.from({ length: 100 }, () => kind.phantom(random, like)))
    expect(phantoms.size).toBe(100)
    for (const phantom of phantoms) {
      expect(isKey(kind, phantom)).toBe(kind.shape !== undefined)
      expect(phantom.length).toBe(key.length)
    }
  })

  it('marks its phantoms, and leaves at least 64 bits of them to chance', () => {
    const key = kind.example(random)
    const like = likenessOf(kind, Buffer.from(key))
    const phantoms = Array.from({ length: 500 }, () => kind.phantom(random, like))
    for (const phantom of phantoms) expect(phantom).toMatch(new RegExp(`${phantomMark}|${phantomHexMark}`))
    const places = Array.from({ length: key.length }, (_, at) => new Set(phantoms.map((phantom) => phantom[at])))
    const bits = places.reduce((sum, { size }) => sum + Math.log2(size), 0)
    expect(bits).toBeGreaterThanOrEqual(64)
  })

  it('has nested quantifiers nowhere, so that no text makes it slow', () => {
    const { shape } = kind
    expect(shape?.pattern.source ?? '').not.toMatch(/[+*}]\)[+*{]/)
    for (const prefix of shape?.prefixes ?? []) expect(prefix.length).toBeGreaterThan(2)
  })

  it('names at least one variable, and a host and a carrier unless it stays', () => {
    expect(kind.environment.length).toBeGreaterThan(0)
    expect(kind.hosts.length > 0).toBe(kind.use !== 'stays')
    expect(kind.carriers.length > 0).toBe(kind.use !== 'stays')
    expect(kind.documentation).toMatch(/^https:\/\//)
  })
})

/** An environment in which the variable holds `key`, beside the public half that its kind may ask for. */
function holding({ beside }: KeyKind, variable: string, key: string): Record<string, string> {
  return { ...(beside ? { [beside.variable]: beside.example(random) } : {}), [variable]: key }
}

it('takes a key by its name for one kind alone', () => {
  for (const kind of kinds.filter(({ shape }) => !shape)) {
    const key = kind.example(random)
    for (const variable of kind.environment) {
      const takers = kinds.filter((other) => isNamedKey(other, variable, holding(kind, variable, key)))
      expect(takers.map(({ id }) => id)).toEqual(kind.fits ? [kind.id] : [])
    }
  }
})

/** Forms in which issuers' keys are met besides that of the example: older ones, other regions, other lengths. */
const otherForms: readonly (readonly [string, string, (random: Random) => string])[] = [
  ['anthropic-api-key', 'for administrators', ({ base62 }) => `sk-ant-admin01-${base62(93)}AA`],
  ['asana-access-token', 'older', ({ digits, hex }) => `1/9${digits(14)}:${hex(32)}`],
  ['asana-access-token', 'of a short account', ({ digits, hex }) => `2/4${digits(11)}/1${digits(15)}:${hex(32)}`],
  ['azure-openai-api-key', 'longer', ({ base62 }) => base62(84)],
  ['cloudflare-api-token', 'for accounts', ({ base62, hex }) => `cfat_${base62(40)}${hex(8)}`],
  ['cloudflare-api-token', 'without a prefix', ({ from }) => from('ABCDEFGHabcdefgh01234567_-', 40)],
  ['cloudflare-global-api-key', 'without a prefix', ({ hex }) => hex(37)],
  ['datadog-application-key', 'without a prefix', ({ hex }) => hex(40)],
  ['digitalocean-token', 'of an OAuth app', ({ hex }) => `doo_v1_${hex(64)}`],
  [
    'discord-bot-token',
    'of an old bot',
    ({ base62, digits }) => discordToken(`93${digits(15)}`, base62(6), base62(27)),
  ],
  [
    'discord-bot-token',
    'of a number of 18',
    ({ base62, digits }) => discordToken(`48${digits(16)}`, base62(6), base62(38)),
  ],
  ['dropbox-access-token', 'that does not expire', ({ from }) => from('ABCDEFGHabcdefgh01234567_-', 64)],
  ['dropbox-access-token', 'shorter', ({ base62 }) => `sl.B${base62(134)}`],
  ['fireworks-api-key', 'longer', ({ base62 }) => `fw_${base62(24)}`],
  ['fly-api-token', 'with what others vouch for', ({ base62 }) => `fm2_${base62(400)}==,fm2_${base62(120)}=`],
  ['fly-api-token', 'older', ({ base62 }) => `fo1_${base62(43)}`],
  [
    'github-app-installation-token',
    'of today',
    ({ base62, digits }) => `ghs_${digits(7)}_eyJ${base62(33)}.${base62(211)}.${base62(256)}`,
  ],
  ['gitlab-access-token', 'short', ({ base62 }) => `glpat-${base62(20)}`],
  ['heroku-api-key', 'shorter', ({ base62 }) => `HRKU-AA${base62(42)}`],
  ['heroku-api-key', 'of a UUID', (random) => `HRKU-${randomUuid(random)}`],
  ['heroku-api-key', 'without a prefix', (random) => randomUuid(random)],
  ['hubspot-access-token', 'of another region', (random) => `pat-eu1-${randomUuid(random)}`],
  ['langsmith-api-key', 'of a service', ({ hex }) => `lsv2_sk_${hex(32)}_${hex(10)}`],
  ['linear-api-key', 'of an app', ({ hex }) => `lin_oauth_${hex(64)}`],
  ['databricks-access-token', 'with a number', ({ digits, hex }) => `dapi${hex(32)}-${digits(1)}`],
  ['mailchimp-api-key', 'of a region of one digit', ({ hex }) => `${hex(32)}-us6`],
  ['mailgun-api-key', 'without a prefix', ({ hex }) => `${hex(32)}-${hex(8)}-${hex(8)}`],
  ['openai-api-key', 'of a user', ({ base62 }) => `sk-${base62(20)}T3BlbkFJ${base62(20)}`],
  ['openai-api-key', 'of a service', ({ base62 }) => `sk-svcacct-${base62(58)}T3BlbkFJ${base62(59)}`],
  ['stripe-secret-key', 'of test mode', ({ base62 }) => `sk_test_${base62(24)}`],
  ['together-api-key', 'without a prefix', ({ hex }) => hex(64)],
  ['doppler-token', 'of a configuration', ({ base62 }) => `dp.st.prd_backend.${base62(43)}`],
  ['doppler-token', 'of a person', ({ base62 }) => `dp.pt.${base62(43)}`],
  ['new-relic-license-key', 'of an EU account', ({ hex }) => `eu01xx${hex(26)}FFFFNRAL`],
  ['notion-api-token', 'older', ({ base62 }) => `secret_${base62(43)}`],
  ['pagerduty-api-key', 'of a user', ({ base62 }) => `u+${base62(18)}`],
  ['pinecone-api-key', 'older', randomUuid],
  ['pypi-api-token', 'for the test index', ({ base62 }) => `pypi-AgENdGVzdC5weXBpLm9yZw${base62(160)}`],
  ['sentry-user-token', 'without a prefix', ({ hex }) => hex(64)],
  ['shopify-access-token', 'of a private app', ({ hex }) => `shppa_${hex(32)}`],
  ['slack-app-token', 'with shorter numbers', ({ digits, hex }) => `xapp-1-A${digits(8)}-${digits(10)}-${hex(64)}`],
  ['slack-bot-token', 'with shorter numbers', ({ base62, digits }) => `xoxb-${digits(10)}-${digits(11)}-${base62(24)}`],
  [
    'slack-user-token',
    'with shorter numbers',
    ({ digits, hex }) => `xoxp-${digits(11)}-${digits(10)}-${digits(11)}-${hex(32)}`,
  ],
  [
    'slack-webhook-url',
    'of a workflow',
    ({ base62, digits }) =>
      `https://hooks.slack.com/workflows/T${digits(10)}/A${digits(10)}/${digits(18)}/${base62(24)}`,
  ],
  [
    'slack-webhook-url',
    'that triggers',
    ({ digits, hex }) => `https://hooks.slack.com/triggers/E${digits(8)}/${digits(13)}/${hex(32)}`,
  ],
  ['square-access-token', 'older', ({ base62 }) => `sq0atp-${base62(22)}`],
  ['stripe-restricted-key', 'of test mode', ({ base62 }) => `rk_test_${base62(24)}`],
  ['telegram-bot-token', 'of an old bot', ({ base62, digits }) => `1${digits(7)}:${base62(35)}`],
  ['terraform-cloud-token', 'shorter', ({ base62 }) => `${base62(14)}.atlasv1.${base62(60)}`],
  ['vercel-access-token', 'without a prefix', ({ base62 }) => base62(24)],
]

function discordToken(id: string, middle: string, end: string): string {
  return `${Buffer.from(id).toString('base64url')}.${middle}.${end}`
}

it.each(otherForms)('knows %s %s, and makes phantoms of that form and length', (id, _form, make) => {
  const kind = kinds.find((candidate) => candidate.id === id)
  if (!kind) throw new Error(`there is no kind ${id}`)
  const isOfKind = (text: string) =>
    isKey(kind, text) || kind.environment.every((variable) => isNamedKey(kind, variable, { [variable]: text }))
  for (let i = 0; i < 50; i++) {
    const key = make(random)
    const like = likenessOf(kind, Buffer.from(key))
    const phantom = kind.phantom(random, like)
    expect([isOfKind(key), isOfKind(phantom)]).toEqual([true, true])
    expect(phantom.length).toBe(key.length)
    expect(likenessOf(kind, Buffer.from(phantom))).toEqual(like)
  }
})

it('takes over the public end of a key, and nothing that could be more', () => {
  const kind = kinds.find(({ id }) => id === 'mailchimp-api-key')
  if (!kind) throw new Error('there is no such kind')
  const phantomFor = (key: string) => kind.phantom(random, likenessOf(kind, Buffer.from(key)))
  expect(phantomFor(`${random.hex(32)}-us21`)).toMatch(/^fa470000[0-9a-f]{24}-us21$/)
  for (const key of [random.hex(36), `-${random.hex(35)}`, `${random.hex(29)}-${random.hex(6)}`]) {
    expect(likenessOf(kind, Buffer.from(key))).toEqual({ prefix: '', length: 36 })
    expect(phantomFor(key)).toMatch(/^fa470000[0-9a-f]{24}-us1$/)
  }
})

it('leads base URLs to a single host: the first of its kind without a `*`, if it has one', () => {
  for (const { id, baseUrls = [], hosts } of kinds) {
    const variables = baseUrls.map(({ variable }) => variable)
    expect(new Set(variables).size, id).toBe(variables.length)
    for (const { variable, path } of baseUrls) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]*$/)
      expect(path).toMatch(/^(?:\/[a-z0-9]+)*$/)
    }
    // Behind a single host that comes later, a base URL would lead to the wrong one.
    const first = hosts.findIndex((host) => !host.startsWith('*.'))
    if (variables.length > 0 && first >= 0) expect(first, id).toBe(0)
  }
})

it('gives no example to two kinds', () => {
  for (const kind of kinds) {
    const key = kind.example(random)
    expect(kinds.filter((other) => isKey(other, key)).map(({ id }) => id)).toEqual(kind.shape ? [kind.id] : [])
  }
})

it.each([
  ...['github-personal-token', 'grafana-service-account-token', 'npm-access-token', 'vercel-access-token'],
  'vercel-ai-gateway-key',
])('refuses a %s with a wrong checksum', (id) => {
  const kind = kinds.find((candidate) => candidate.id === id)
  const key = kind?.example(random) ?? ''
  const last = key.endsWith('0') ? '1' : '0'
  expect(kind && isKey(kind, key.slice(0, -1) + last)).toBe(false)
})
