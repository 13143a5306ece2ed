import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchange, exchangeInside, portOf } from '../support/raw.ts'
import { until } from '../support/sallyport.ts'

let fixture: EgressFixture
let plain: Server
const plainSaw: string[] = []

beforeAll(async () => {
  fixture = await startEgress({
    egress: `
  routes:
    - { key: ledger, methods: [GET, POST], paths: [/v1/charges/**] }
    - { key: ledger, methods: [GET], paths: [/v1/balance] }
`,
  })
  plain = createServer((request, response) => {
    plainSaw.push(JSON.stringify(request.rawHeaders))
    response.end('plain')
  })
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  plain.close()
  await fixture.stop()
})

const door = () => portOf(fixture.forward)
const inside = (text: string, options: Partial<{ authority: string; serverName: string; host: string }> = {}) =>
  exchangeInside(
    door(),
    {
      authority: fixture.authority,
      serverName: 'ledger.test',
      ca: readFileSync(fixture.environment.SSL_CERT_FILE as string, 'utf8'),
      ...options,
    },
    text,
    { until: '}' },
  )
const request = (line: string, fields: Record<string, string> = {}) =>
  `${line} HTTP/1.1\r\n${Object.entries({
    Host: fixture.authority,
    Authorization: `Bearer ${fixture.phantom}`,
    ...fields,
  })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
const codeOf = (answer: string) => /"code":"([A-Z_]+)"/.exec(answer)?.[1]
const lastSeen = () => fixture.upstream.seen.at(-1)

describe('the good request', () => {
  it('arrives with the key in the phantom’s place, inside CONNECT', async () => {
    expect(await inside(request('GET /v1/charges/1'))).toMatch(/^HTTP\/1\.1 200 /)
    expect(lastSeen()?.fields).toContain(`Bearer ${fixture.secret}`)
    expect(lastSeen()?.url).toBe('/v1/charges/1')
  })

  it('arrives with the key in base URL mode', async () => {
    const answer = await exchange(door(), request('GET /ledger/v1/balance?x=1', { Host: `127.0.0.1:${door()}` }), {
      until: '}',
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(lastSeen()).toMatchObject({ url: '/v1/balance?x=1' })
    expect(lastSeen()?.fields.slice(0, 2)).toEqual(['Host', fixture.authority])
  })

  it('arrives in absolute form, as an https URL in clear', async () => {
    expect(await exchange(door(), request(`GET https://${fixture.authority}/v1/balance`), { until: '}' })).toMatch(
      /^HTTP\/1\.1 200 /,
    )
  })

  it('arrives without the caller’s cookies and other credentials', async () => {
    await inside(
      request('GET /v1/balance', {
        Cookie: 'session=1',
        'X-Api-Key': 'mine',
        'Proxy-Authorization': 'Basic eA==',
        X_API_KEY: 'mine',
      }),
    )
    const names = lastSeen()?.fields.filter((_value, index) => index % 2 === 0)
    expect(names).toEqual(['Host', 'Authorization'])
  })

  it('has a record of the decision and one of the outcome, under one id', async () => {
    await inside(request('GET /v1/charges/audited?token=x'))
    const records = fixture.audit()
    const decision = records.findLast((record) => record.event === 'decision')
    expect(decision).toMatchObject({
      door: 'egress',
      decision: 'allow',
      keys: ['ledger'],
      method: 'GET',
      host: fixture.authority,
      path: '/v1/charges/audited',
    })
    expect(decision?.rule).toMatch(/sallyport\.yaml:\d+:\d+ egress\.routes\[0\]/)
    const outcome = () => fixture.audit().find((record) => record.event === 'outcome' && record.id === decision?.id)
    await until(
      () => outcome() !== undefined,
      2_000,
      () => 'no outcome',
    )
    expect(outcome()).toMatchObject({ status: 200 })
  })
})

describe('a request that is refused never reaches the upstream', () => {
  it.each([
    ['another method', 'DELETE /v1/charges/1', {}, 'ROUTE_REFUSED'],
    ['another path', 'GET /v1/customers', {}, 'ROUTE_REFUSED'],
    ['a path that leaves the allowed one', 'GET /v1/charges/../customers', {}, 'REQUEST_AMBIGUOUS'],
    ['an encoded path that leaves it', 'GET /v1/charges/%2e%2e/customers', {}, 'REQUEST_AMBIGUOUS'],
    ['an encoded slash', 'GET /v1/charges/..%2fcustomers', {}, 'REQUEST_AMBIGUOUS'],
    ['an empty segment', 'GET /v1//charges/1', {}, 'REQUEST_AMBIGUOUS'],
    ['another Host', 'GET /v1/balance', { Host: 'other.test' }, 'REQUEST_MISDIRECTED'],
    ['another port in Host', 'GET /v1/balance', { Host: 'ledger.test:1' }, 'REQUEST_MISDIRECTED'],
    ['user information in Host', 'GET /v1/balance', { Host: 'x@ledger.test' }, 'REQUEST_MISDIRECTED'],
    ['another absolute target', 'GET https://other.test/v1/balance', {}, 'REQUEST_MISDIRECTED'],
    ['somebody else’s bearer token', 'GET /v1/balance', { Authorization: 'Bearer mine' }, 'PHANTOM_MISSING'],
    [
      'the phantom under another field',
      'GET /v1/balance',
      { Authorization: '', 'X-Api-Key': '{phantom}' },
      'PHANTOM_MISPLACED',
    ],
    ['the phantom in the target', 'GET /v1/balance?key={phantom}', {}, 'PHANTOM_MISPLACED'],
    ['the phantom a second time', 'GET /v1/balance', { 'X-Debug': '{phantom}' }, 'PHANTOM_MISPLACED'],
    [
      'two framings',
      'POST /v1/charges/1',
      { 'Content-Length': '3', 'Transfer-Encoding': 'chunked' },
      'REQUEST_MALFORMED',
    ],
  ] as const)('%s', async (_name, line, fields, code) => {
    const before = fixture.upstream.seen.length
    const text = request(line, fields).replaceAll('{phantom}', fixture.phantom)
    const answer = await inside(text)
    expect(codeOf(answer)).toBe(code)
    expect(answer).not.toContain(fixture.secret)
    expect(fixture.upstream.seen).toHaveLength(before)
    const last = () => fixture.audit().findLast((record) => record.event === 'decision')
    const isLogged = () => last()?.decision === 'refuse' && last()?.code === code
    await until(isLogged, 2_000, () => JSON.stringify(last()))
  })

  it('a TLS server name that disagrees with CONNECT', async () => {
    const answer = await inside(request('GET /v1/balance'), { serverName: 'other.test' })
    expect(codeOf(answer)).toBe('REQUEST_MISDIRECTED')
  })

  it('a CONNECT whose Host disagrees', async () => {
    expect(codeOf(await inside(request('GET /v1/balance'), { host: 'other.test:443' }))).toBe('REQUEST_MISDIRECTED')
  })

  it('the same authority over plain HTTP', async () => {
    expect(codeOf(await exchange(door(), request(`GET http://${fixture.authority}/v1/balance`), { until: '}' }))).toBe(
      'PLAINTEXT_REFUSED',
    )
  })

  it('a base URL that names no key', async () => {
    expect(codeOf(await exchange(door(), request('GET /other/v1/balance'), { until: '}' }))).toBe('REQUEST_MISDIRECTED')
  })
})

it('another host gets the phantom at most, through a tunnel or in clear', async () => {
  const { port } = plain.address() as AddressInfo
  const authority = `other.test:${port}`
  const answer = await exchange(
    door(),
    `GET http://${authority}/x HTTP/1.1\r\nHost: ${authority}\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  const tunnelled = await exchange(
    door(),
    `CONNECT ${authority} HTTP/1.1\r\n\r\nGET /y HTTP/1.1\r\nHost: ${authority}\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
  )
  expect(tunnelled).toContain('plain')
  expect(plainSaw).toHaveLength(2)
  expect(plainSaw.join()).not.toContain(fixture.secret)
})

it('the key’s host on another port gets the phantom at most', async () => {
  const { port } = plain.address() as AddressInfo
  await exchange(
    door(),
    `CONNECT ledger.test:${port} HTTP/1.1\r\n\r\nGET /z HTTP/1.1\r\nHost: ledger.test:${port}\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
  )
  expect(plainSaw.at(-1)).toContain(fixture.phantom)
  expect(plainSaw.join()).not.toContain(fixture.secret)
})
