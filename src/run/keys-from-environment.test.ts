import { describe, expect, it } from 'vitest'
import { bearerCarrier } from '../keys/carriers/bearer.ts'
import type { KeyKind } from '../keys/kind.ts'
import { randomText } from '../keys/random.ts'
import { keysFromEnvironment } from './keys-from-environment.ts'

const random = randomText()
const none = new Set<string>()

function kindOf(id: string, rest: Partial<KeyKind>): KeyKind {
  return {
    id,
    title: `${id} key`,
    use: 'travels',
    hosts: ['api.example.com'],
    carriers: [bearerCarrier],
    environment: [`${id.toUpperCase()}_KEY`],
    example: () => '',
    phantom: () => '',
    documentation: 'https://example.com',
    ...rest,
  }
}

const shaped = kindOf('shaped', { shape: { prefixes: ['shp_'], pattern: /shp_[0-9a-f]{24}/ } })
const named = kindOf('named', { fits: /[0-9a-f]{32}/ })
const unasked = kindOf('unasked', {})
const signing = kindOf('signing', {
  use: 'signs',
  fits: /[0-9A-Za-z+/]{40}/,
  beside: { variable: 'SIGNING_KEY_ID', fits: /AK[A-Z]{6}/, example: () => 'AKABCDEF' },
})
const url = kindOf('url', {
  use: 'stays',
  shape: { prefixes: ['db://'], pattern: /db:\/\/[a-z]+:[0-9a-f]+@[a-z]+/ },
  hosts: [],
  carriers: [],
  environment: ['URL_KEY'],
})
const session = kindOf('session', { use: 'stays', hosts: [], carriers: [] })
const left = kindOf('left', {
  shape: { prefixes: ['lft_'], pattern: /lft_[0-9a-f]{24}/ },
  leftUnasked: 'which apps also print',
})
const kinds = [shaped, named, unasked, signing, url, session, left]

const read = (environment: Record<string, string>, taken = none) => keysFromEnvironment(environment, kinds, taken)

describe('a key with a shape', () => {
  it('is taken under any name, once, with every variable that holds it', () => {
    const key = `shp_${random.hex(24)}`
    const { keys, notices } = read({ ANY: key, OTHER: ` ${key}\n` })
    expect(keys).toMatchObject([{ kind: 'shaped', reference: 'ANY', environment: ['ANY', 'OTHER'] }])
    expect(keys[0]?.hosts).toEqual(['api.example.com:443'])
    expect(notices).toEqual([])
  })

  it('is left where the configuration speaks of its variable', () => {
    expect(read({ ANY: `shp_${random.hex(24)}` }, new Set(['ANY'])).keys).toEqual([])
  })

  it('is left, and told of, where its kind says why', () => {
    const key = `lft_${random.hex(24)}`
    const { keys, notices } = read({ ANY: key })
    expect(keys).toEqual([])
    expect(notices).toEqual([
      "ANY holds a left key, which apps also print: it stays in the app's environment; name it under keys: in sallyport.yaml to take it out",
    ])
  })
})

describe('a key without a shape', () => {
  it('is taken by its name where the whole value fits', () => {
    expect(read({ NAMED_KEY: random.hex(32) })).toMatchObject({
      keys: [{ kind: 'named', reference: 'NAMED_KEY', environment: ['NAMED_KEY'] }],
      notices: [],
    })
  })

  it.each([
    ['another name', 'SOME_KEY', random.hex(32), 0],
    ['a longer value', 'NAMED_KEY', random.hex(33), 1],
    ['a value with more around it', 'NAMED_KEY', `key: ${random.hex(32)}`, 1],
    ['several lines, one of which fits', 'NAMED_KEY', `none\n${random.hex(32)}\nnone`, 1],
    ['a placeholder', 'NAMED_KEY', 'changeme', 1],
  ])('is left with %s', (_case, variable, value, told) => {
    const { keys, notices } = read({ [variable]: value })
    expect(keys).toEqual([])
    expect(notices).toHaveLength(told)
    expect(notices.join()).not.toContain(value)
    if (told > 0) expect(notices[0]).toContain('has the name of a named key and not its form: it stays')
  })

  it('is left, and told of, where its kind says nothing of what fits', () => {
    const { keys, notices } = read({ UNASKED_KEY: random.hex(32) })
    expect(keys).toEqual([])
    expect(notices).toEqual([expect.stringMatching(/^UNASKED_KEY has the name of .* name it under keys:/)])
  })
})

describe('a key that signs', () => {
  const secret = random.base62(40)

  it('is taken where the id beside it is its issuer’s', () => {
    expect(read({ SIGNING_KEY: secret, SIGNING_KEY_ID: 'AKABCDEF' }).keys).toMatchObject([
      { kind: 'signing', environment: ['SIGNING_KEY'] },
    ])
  })

  it.each([{}, { SIGNING_KEY_ID: 'minio' }])('is left beside %j', (beside) => {
    const { keys, notices } = read({ SIGNING_KEY: secret, ...beside })
    expect(keys).toEqual([])
    expect(notices).toEqual([expect.stringContaining('stands without SIGNING_KEY_ID')])
  })
})

describe('a secret that stays', () => {
  it('is told of by its shape and by its name, and never shown', () => {
    const password = random.hex(20)
    const secret = random.base62(30)
    const { keys, notices } = read({ DATABASE: `db://app:${password}@host`, SESSION_KEY: secret })
    expect(keys).toEqual([])
    expect(notices).toEqual([
      "DATABASE holds a url key, which the app itself works with: it stays in the app's environment",
      "SESSION_KEY has the name of a session key, which the app itself works with: it stays in the app's environment",
    ])
    expect(notices.join()).not.toContain(password)
    expect(notices.join()).not.toContain(secret)
  })

  it('is told of as the kind that names the variable first', () => {
    const later = kindOf('later', { fits: /x/, environment: ['LATER_KEY', 'NAMED_KEY'] })
    const { notices } = keysFromEnvironment({ NAMED_KEY: 'none' }, [later, named], none)
    expect(notices).toEqual([expect.stringContaining('has the name of a named key')])
  })

  it('is no secret where it has a shape and the value has not', () => {
    expect(read({ URL_KEY: 'db://host' })).toEqual({ keys: [], notices: [] })
  })
})

describe('an app that must not break', () => {
  const based = kindOf('based', {
    shape: { prefixes: ['bsd_'], pattern: /bsd_[0-9a-f]{24}/ },
    hosts: ['api.based.example', '*.based.example'],
    baseUrls: [{ variable: 'BASED_URL', path: '/v1' }],
  })
  const beside = kindOf('beside', { shape: { prefixes: ['bsi_'], pattern: /bsi_[0-9a-f]{24}/ }, hosts: based.hosts })
  const key = `bsd_${random.hex(24)}`
  const from = (environment: Record<string, string>) => keysFromEnvironment(environment, [based, beside], none)

  it.each(['NEXT_PUBLIC_STRIPE_KEY', 'VITE_STRIPE_SECRET', 'REACT_APP_KEY'])(
    '%s is left: browsers load its value',
    (variable) => {
      const { keys, notices } = from({ [variable]: key })
      expect(keys).toEqual([])
      expect(notices.join()).toContain('browsers load')
      expect(notices.join()).not.toContain(key)
    },
  )

  it.each(['SMTP_PASSWORD', 'SMTP_API_KEY', 'EMAIL_HOST_PASSWORD', 'MAILER_PASS', 'SENDGRID_PASSWORD'])(
    'keeps the password that it sends mail with in %s, and the same key elsewhere',
    (variable) => {
      const { keys, notices } = from({ [variable]: key, BASED_KEY: key })
      expect(keys).toEqual([])
      expect(notices.join('\n')).toContain(`${variable} holds a based key, under a name from which mail is sent`)
      expect(notices.join('\n')).toContain(`BASED_KEY holds a based key, for a host that ${variable} is for as well`)
    },
  )

  it.each(['', ' ', 'https://api.based.example/v1', 'https://eu.based.example', 'api.based.example'])(
    'gets a phantom where its base URL is %j',
    (url) => expect(from({ KEY: key, BASED_URL: url }).keys).toHaveLength(1),
  )

  it.each([
    'http://localhost:8080/v1',
    'https://proxy.internal',
    'https://based.example.evil',
    'https://evilbased.example',
    '::',
  ])('keeps its key where its base URL is %j, and so does what shares its hosts', (url) => {
    const { keys, notices } = from({ KEY: key, OTHER: `bsi_${random.hex(24)}`, BASED_URL: url })
    expect(keys).toEqual([])
    expect(notices).toEqual([
      expect.stringMatching(
        /^KEY holds a based key, which BASED_URL sends to a host that is not its issuer's: it stays/,
      ),
      expect.stringMatching(/^OTHER holds a beside key, for a host that KEY is for as well, which stays: it stays/),
    ])
  })
})
