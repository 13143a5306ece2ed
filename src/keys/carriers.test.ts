import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basicCarrier } from './carriers/basic.ts'
import { bearerCarrier } from './carriers/bearer.ts'
import { cookieCarrier } from './carriers/cookie.ts'
import { headerCarrier } from './carriers/header.ts'
import { path, pathCarrier } from './carriers/path.ts'
import { query, queryCarrier } from './carriers/query.ts'

const phantom = Buffer.from('phantom-0123456789')
const cases = [
  ['bearer', bearerCarrier, (secret: string) => `Bearer ${secret}`],
  ['header', headerCarrier('X-Api-Key'), (secret: string) => secret],
  ['header with prefix', headerCarrier('Authorization', 'token '), (secret: string) => `token ${secret}`],
  ['basic user', basicCarrier('user'), (secret: string) => `Basic ${btoa(`${secret}:`)}`],
  ['basic password', basicCarrier('password'), (secret: string) => `Basic ${btoa(`api:${secret}`)}`],
] as const

describe.each(cases)('%s', (_name, carrier, write) => {
  it('puts the key where the phantom stood, and nothing else', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-9;-~]{1,80}$/), (key) => {
        const received = Buffer.from(write(phantom.toString()))
        expect(carrier.carries(received, phantom)).toBe(true)
        const into = Buffer.alloc(carrier.lengthMax(received.length, key.length) + 3, 0x2e)
        const end = carrier.write(into, 3, Buffer.from(key), received)
        expect(into.subarray(3, end).toString()).toBe(write(key))
        expect(into.subarray(end).every((byte) => byte === 0x2e)).toBe(true)
      }),
    )
  })

  it.each([
    '',
    'Bearer',
    'Basic',
    'Basic !!',
    write('other-0123456789-x'),
    `${write(phantom.toString())} `,
    write(`${phantom}x`),
  ])('does not take %j for the phantom', (value) => expect(carrier.carries(Buffer.from(value), phantom)).toBe(false))
})

it('takes a bearer scheme in any case and with several spaces', () => {
  expect(bearerCarrier.carries(Buffer.from(`bEARER   ${phantom}`), phantom)).toBe(true)
})

describe('cookie', () => {
  const carrier = cookieCarrier('session')
  const octets = fc.stringMatching(/^[!#$%&'()*+./0-9:<=>?@A-Z[\]^_`a-z{|}~-]{1,40}$/)
  const others = fc.array(
    fc.tuple(
      fc.stringMatching(/^[a-z]{1,9}$/).filter((name) => name !== 'session'),
      octets,
    ),
    { maxLength: 4 },
  )
  const write = (received: string, key: string) => {
    const into = Buffer.alloc(carrier.lengthMax(received.length, key.length) + 3, 0x2e)
    const end = carrier.write(into, 3, Buffer.from(key), Buffer.from(received))
    expect(into.subarray(end).every((byte) => byte === 0x2e)).toBe(true)
    return into.toString('latin1', 3, end)
  }

  it('puts the key into its cookie, quoted or not, and keeps the others', () => {
    fc.assert(
      fc.property(others, others, octets, fc.constantFrom('', '"'), (before, after, key, quote) => {
        const line = (value: string) =>
          [...before, ['session', `${quote}${value}${quote}`], ...after].map((pair) => pair.join('=')).join('; ')
        expect(carrier.carries(Buffer.from(line(`${phantom}`)), phantom)).toBe(true)
        expect(write(line(`${phantom}`), key)).toBe(line(key))
      }),
    )
  })

  it('begins no other cookie, whatever the key is, and writes the cookie alone where there was none', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        const written = write('', Buffer.from(key).toString('latin1'))
        expect(written).toMatch(/^session=[!-~]+$/)
        expect(written).not.toMatch(/[;," \\]/)
      }),
    )
  })

  it.each([
    '',
    'session',
    `Session=${phantom}`,
    `session=${phantom}x`,
    `session=x${phantom}`,
    `session="${phantom}`,
    `xsession=${phantom}`,
    `other=${phantom}`,
    `other=session=${phantom}`,
    `session=${phantom}; session=other`,
    `session=other; session=${phantom}`,
  ])('does not take %j for the phantom', (value) => expect(carrier.carries(Buffer.from(value), phantom)).toBe(false))
})

/** `target` with every span that carries the phantom replaced. */
function inTarget(carrier: ReturnType<typeof queryCarrier>, target: string, key: string): string {
  const bytes = Buffer.from(target, 'latin1')
  const into = Buffer.alloc(carrier.lengthMax(Buffer.byteLength(key)))
  let text = ''
  let at = 0
  for (const { start, end } of carrier.find(bytes, phantom)) {
    expect(start).toBeGreaterThanOrEqual(at)
    text += bytes.toString('latin1', at, start) + into.toString('latin1', 0, carrier.write(into, 0, Buffer.from(key)))
    at = end
  }
  return text + bytes.toString('latin1', at)
}

const escaped = (text: string) => text.replace(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`)

describe('query', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== 'api key')
  const pairs = fc.array(fc.tuple(name, fc.string({ maxLength: 12 })), { maxLength: 5 })

  it('changes its own parameter alone, and the server reads the key', () => {
    fc.assert(
      fc.property(pairs, pairs, fc.string({ minLength: 1 }), (before, after, key) => {
        const target = (value: string) => `/a/b?${new URLSearchParams([...before, ['api key', value], ...after])}`
        const written = inTarget(queryCarrier('api key'), target(`${phantom}`), key)
        expect([...new URL(written, 'http://upstream').searchParams]).toEqual([
          ...new URLSearchParams([...before, ['api key', key], ...after]),
        ])
        expect(written.replace(/(?<=[?&]api\+key=)[^&]*/, `${phantom}`)).toBe(target(`${phantom}`))
      }),
    )
  })

  it.each([
    ['?api_key={}', '?api_key=KEY'],
    ['/v1?a=1&api_key={}&b=2', '/v1?a=1&api_key=KEY&b=2'],
    ['/v1?api_key={}&api_key={}', '/v1?api_key=KEY&api_key=KEY'],
    ['/v1?api_key={}&api_key=x', '/v1?api_key=KEY&api_key=x'],
    ['/v1?%61pi%5fkey={}', '/v1?%61pi%5fkey=KEY'],
    [`/v1?api_key=${escaped(`${phantom}`)}&x`, '/v1?api_key=KEY&x'],
    [`/v1?api_key=phantom%2D0123456789`, '/v1?api_key=KEY'],
    ['/v1?&&api_key={}&', '/v1?&&api_key=KEY&'],
  ])('%s', (target, wanted) => {
    expect(inTarget(queryCarrier('api_key'), target.replaceAll('{}', `${phantom}`), 'KEY')).toBe(wanted)
  })

  it.each([
    '/{}',
    '/api_key={}',
    '/v1?{}',
    '/v1?={}',
    '/v1?other={}',
    '/v1?API_KEY={}',
    '/v1?xapi_key={}',
    '/v1?api_key={}x',
    '/v1?api_key=x{}',
    '/v1?api_key=a,{}',
    '/v1?api_key={}/x',
    '/v1?api_key={};b=2',
    '/v1?a=1;api_key={}',
    '/v1?api_key={}%',
    '/v1?api_key={}%0',
    '/v1?api_key==%s',
    '/v1#?api_key={}',
    '/v1?a#&api_key={}',
  ])('finds no key in %s', (target) => {
    const bytes = Buffer.from(target.replaceAll('{}', `${phantom}`))
    expect(queryCarrier('api_key').find(bytes, phantom)).toEqual([])
  })

  it('finds a phantom with a plus, encoded or not', () => {
    for (const value of ['a+b', 'a%2Bb', 'a%2bb'])
      expect(queryCarrier('k').find(Buffer.from(`/?k=${value}`), Buffer.from('a+b'))).toHaveLength(1)
  })

  it('needs a name', () => expect(() => query.open({ query: '' })).toThrow('`query` is empty'))
})

describe('path', () => {
  it('changes its segment alone, and the server reads the key', () => {
    const rest = fc.stringMatching(/^(?:\/[a-z%?=&]{0,9}){0,3}$/)
    fc.assert(
      fc.property(rest, fc.string({ minLength: 1 }), (tail, key) => {
        const written = inTarget(pathCarrier('/bot'), `/bot${phantom}${tail}`, key)
        expect(written.endsWith(tail)).toBe(true)
        const segment = written.slice('/bot'.length, written.length - tail.length)
        expect(segment).not.toMatch(/[/?#]/)
        expect(decodeURIComponent(segment)).toBe(key)
      }),
    )
  })

  it.each([
    ['/bot', '/bot{}/sendMessage?a={}', '/bot1:K/sendMessage?a={}'],
    ['/bot', '/bot{}', '/bot1:K'],
    ['/bot', '/bot{}?x', '/bot1:K?x'],
    ['/bot', '/%62ot{}/x', '/%62ot1:K/x'],
    ['/bot', `/bot${escaped(`${phantom}`)}/x`, '/bot1:K/x'],
    ['/', '/{}/x', '/1:K/x'],
    ['/services/*/*/', '/services/T1/B2/{}', '/services/T1/B2/1:K'],
    ['/a/*/b', '/a/%2F/b{}', '/a/%2F/b1:K'],
    ['/%2A/', '/*/{}', '/*/1:K'],
  ])('%s: %s', (before, target, wanted) => {
    const write = (text: string) => text.replaceAll('{}', `${phantom}`)
    expect(inTarget(pathCarrier(before), write(target), '1:K')).toBe(write(wanted))
  })

  it.each([
    ['/bot', '/Bot{}'],
    ['/bot', '/x/bot{}'],
    ['/bot', '//bot{}'],
    ['/bot', '/bot/{}'],
    ['/bot', '/bot{}x'],
    ['/bot', '/botx{}'],
    ['/bot', '/bot{};x=1'],
    ['/bot', '/bot{}%2Fx'],
    ['/bot', '%2Fbot{}'],
    ['/bot', '/bo'],
    ['/bot', '/bot'],
    ['/bot', '/?/bot{}'],
    ['/services/*/*/', '/services/T1/{}'],
    ['/services/*/*/', '/services//B2/{}'],
    ['/services/*/*/', '/services/T1%2FB2/{}'],
    ['/services/*/*/', '/services/T1/B2/C3/{}'],
  ])('%s: finds no key in %s', (before, target) => {
    const bytes = Buffer.from(target.replaceAll('{}', `${phantom}`))
    expect(pathCarrier(before).find(bytes, phantom)).toEqual([])
  })

  it.each(['', 'bot', '/a?b', '/a#', '//', '/a//b', '/bot*', '/*bot/', '/*', '/a/../', '/./', '/%2f', '/%zz', '/%'])(
    'does not take %j for the beginning of a path',
    (before) => expect(() => path.open({ path: before })).toThrow('`path` is not the beginning of a path'),
  )
})
