import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomText } from '../../src/keys/random.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'
import type { Seen } from '../support/upstream.ts'

let fixture: EgressFixture
/** Characters that end a value, a parameter, a path or a string where they stand as they are. */
const secret = `${randomText().base62(24)}+/=%&?#"\\<>'${randomText().base62(8)}`

beforeAll(async () => {
  fixture = await startEgress({
    secret,
    kind: (hosts) => `{ hosts: ${hosts}, carrier: { header: X-Key } }`,
    egress: `  routes:
    - { key: ledger, methods: [GET, POST], paths: [/v1/**] }
    - { key: ledger, methods: [POST], paths: [/all/**], elsewhere: [target, fields, body] }
`,
  })
})
afterAll(() => fixture.stop())

async function send(line: string, fields: readonly string[], body = ''): Promise<{ answer: string; seen?: Seen }> {
  const before = fixture.upstream.seen.length
  const head = [`${line.replace(' /', ' /ledger/')} HTTP/1.1`, 'Host: d', 'Connection: close', ...fields]
  const answer = await exchange(
    portOf(fixture.forward),
    `${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  const [seen] = fixture.upstream.seen.slice(before)
  return seen ? { answer, seen } : { answer }
}
const withKey = () => `X-Key: ${fixture.phantom}`
const namesOf = (seen: Seen | undefined) => seen?.fields.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())

describe('a field that can name another method or path than the request line', () => {
  it.each([
    'X-HTTP-Method-Override: DELETE',
    'X-HTTP-Method-Override: delete',
    'X-HTTP-Method: DELETE',
    'X-Method-Override: DELETE',
    'x_http_method_override: DELETE',
    'X-HTTP-Method-Override: GET, DELETE',
    'X-Original-URL: /admin',
    'X-Rewrite-URL: /admin',
    'X-Original-URL: /v1/a',
  ])('%s keeps the request from leaving', async (field) => {
    const { answer, seen } = await send('POST /v1/a', [withKey(), field])
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*REQUEST_AMBIGUOUS/s)
    expect(seen).toBeUndefined()
  })

  it('passes where the method that it names is allowed as well', async () => {
    const { seen } = await send('POST /v1/a', [withKey(), 'X-HTTP-Method-Override: GET'])
    expect(seen?.fields).toContain('X-HTTP-Method-Override')
    expect(seen?.fields.includes(secret)).toBe(true)
  })

  it('passes where no key goes along', async () => {
    const { seen } = await send('POST /v1/a', ['X-HTTP-Method-Override: DELETE'])
    expect(seen?.fields).toContain('X-HTTP-Method-Override')
  })
})

describe('a field that asks for an answer that could not be searched', () => {
  it.each([
    'Range: bytes=0-9',
    'Request-Range: bytes=0-9',
    'A-IM: gzip',
    'Grpc-Accept-Encoding: gzip',
    'Connect-Accept-Encoding: gzip',
  ])('%s does not go along with a key', async (field) => {
    const name = field.slice(0, field.indexOf(':')).toLowerCase()
    const { seen } = await send('GET /v1/a', [withKey(), field])
    expect(seen?.fields.includes(secret)).toBe(true)
    expect(namesOf(seen)).not.toContain(name)
    expect(namesOf((await send('GET /v1/a', [field])).seen)).toContain(name)
  })
})

describe('where a phantom may stand anywhere', () => {
  it.each(['Range', 'Request-Range', 'Accept-Encoding', 'Connection', 'Upgrade', 'TE', 'Trailer', 'Keep-Alive'])(
    'it may not in %s',
    async (name) => {
      const { answer, seen } = await send('POST /all/a', [`${name}: x, ${fixture.phantom}`])
      expect(answer).toMatch(/^HTTP\/1\.1 403 .*PHANTOM_MISPLACED/s)
      expect(seen).toBeUndefined()
    },
  )

  it('the key ends neither the path nor the parameter in which it stands', async () => {
    const { phantom } = fixture
    const { seen } = await send(`POST /all/${phantom}/b?k=${phantom}&c=1`, [])
    const url = new URL(seen?.url ?? '', 'https://ledger.test')
    expect(url.pathname.split('/').map(decodeURIComponent)[2] === secret).toBe(true)
    expect([...url.searchParams].map(([name, value]) => [name, value === secret])).toEqual([
      ['k', true],
      ['c', false],
    ])
  })

  it.each([
    ['application/x-www-form-urlencoded; charset=utf-8', (phantom: string) => `k=${phantom}&c=1`],
    ['application/json', (phantom: string) => JSON.stringify({ k: phantom, c: '1' })],
    ['Application/Problem+JSON;a=b', (phantom: string) => JSON.stringify({ k: phantom, c: '1' })],
  ])('the key is read from %s as it is', async (type, body) => {
    const { seen } = await send('POST /all/a', [`Content-Type: ${type}`], body(fixture.phantom))
    const text = seen?.body ?? ''
    const read = /json/i.test(type) ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
    expect(Object.keys(read)).toEqual(['k', 'c'])
    expect([read.k === secret, read.c]).toEqual([true, '1'])
  })

  it('the key stands in other content as it is', async () => {
    const { seen } = await send('POST /all/a', ['Content-Type: text/plain'], `a ${fixture.phantom} b`)
    expect(seen?.body === `a ${secret} b`).toBe(true)
  })

  it('a phantom inside compressed content gets no key', async () => {
    const { seen } = await send('POST /all/a', ['Content-Encoding: gzip'], gzipSync(fixture.phantom).toString('latin1'))
    expect(seen?.body).toBeDefined()
    expect(seen?.fields.includes(secret)).toBe(false)
  })

  it('the log has the key of a body, and the rule that lets it go along', async () => {
    await send('POST /all/a', ['Content-Type: text/plain'], fixture.phantom)
    const decision = fixture
      .audit()
      .filter(({ event }) => event === 'decision')
      .at(-1)
    expect(decision).toMatchObject({ decision: 'allow', path: '/all/a', keys: ['ledger'] })
    expect(decision?.rule).toContain('egress.routes[1]')
  })
})
