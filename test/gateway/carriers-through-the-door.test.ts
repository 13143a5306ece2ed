import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EgressFixture, type EgressFixtureOptions, startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'

type Seen = EgressFixture['upstream']['seen'][number]

/** What the upstream saw of one request; undefined where it saw none. */
async function send(
  fixture: EgressFixture,
  path: string,
  { method = 'GET', fields = '', body = '' }: { method?: string; fields?: string; body?: string } = {},
): Promise<{ answer: string; seen: Seen | undefined }> {
  const before = fixture.upstream.seen.length
  const answer = await exchange(
    portOf(fixture.forward),
    `${method} /ledger${path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n${fields}${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`,
  )
  return { answer, seen: fixture.upstream.seen[before] }
}
const field = (seen: Seen | undefined, name: string) => {
  const at = seen?.fields.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name) ?? -1
  return at < 0 ? undefined : seen?.fields[at + 1]
}
const withFixture = (options: EgressFixtureOptions, use: (fixture: () => EgressFixture) => void) => {
  let fixture: EgressFixture
  beforeAll(async () => {
    fixture = await startEgress(options)
  })
  afterAll(() => fixture.stop())
  use(() => fixture)
}

describe('in the query', () => {
  withFixture({ kind: (hosts) => `{ hosts: ${hosts}, carrier: { query: api_key } }` }, (fixture) => {
    it('the key stands where its phantom stood, and nothing else changes', async () => {
      const { seen } = await send(fixture(), `/v1/a?x=1%20&api_key=${fixture().phantom}&y=%2F`)
      expect(seen?.url === `/v1/a?x=1%20&api_key=${fixture().secret}&y=%2F`).toBe(true)
    })
    it('it stands in no other parameter', async () => {
      const { seen, answer } = await send(fixture(), `/v1/a?other=${fixture().phantom}`)
      expect(answer).toMatch(/^HTTP\/1\.1 403 .*PHANTOM_MISPLACED/s)
      expect(answer).toContain('the target')
      expect(seen).toBeUndefined()
    })
    it('nobody else’s is replaced', async () => {
      const { seen } = await send(fixture(), '/v1/a?api_key=something')
      expect(seen?.url).toBe('/v1/a?api_key=something')
    })
    it('a caller’s own authorization does not go along', async () => {
      const { seen } = await send(fixture(), `/v1/a?api_key=${fixture().phantom}`, {
        fields: 'Authorization: Bearer mine\r\nX-Api-Key: mine\r\n',
      })
      expect(seen).toBeDefined()
      expect(field(seen, 'authorization') ?? field(seen, 'x-api-key')).toBeUndefined()
    })
  })
})

describe('in the path', () => {
  withFixture({ kind: (hosts) => `{ hosts: ${hosts}, carrier: { path: /bot } }` }, (fixture) => {
    it('the key is the segment’s rest', async () => {
      const { seen } = await send(fixture(), `/bot${fixture().phantom}/sendMessage?a=1`)
      expect(seen?.url === `/bot${fixture().secret}/sendMessage?a=1`).toBe(true)
      expect(JSON.stringify(fixture().audit())).not.toContain(fixture().secret)
    })
    it('it stands in no other segment', async () => {
      expect((await send(fixture(), `/cat${fixture().phantom}/x`)).answer).toContain('PHANTOM_MISPLACED')
    })
  })
})

describe('in a cookie', () => {
  withFixture({ kind: (hosts) => `{ hosts: ${hosts}, carrier: { cookie: session } }` }, (fixture) => {
    it('the others stay', async () => {
      const { seen } = await send(fixture(), '/', { fields: `Cookie: a=1; session=${fixture().phantom}; b=2\r\n` })
      expect(field(seen, 'cookie') === `a=1; session=${fixture().secret}; b=2`).toBe(true)
    })
  })
})

describe('a phantom elsewhere', () => {
  withFixture({}, (fixture) => {
    const authorized = () => `Authorization: Bearer ${fixture().phantom}\r\n`
    it.each([
      ['the target', () => ({ path: `/x?k=${fixture().phantom}` })],
      ['the field X-Copy', () => ({ path: '/x', fields: `X-Copy: a ${fixture().phantom}\r\n` })],
      ['the name of a field', () => ({ path: '/x', fields: `X-${fixture().phantom}: 1\r\n` })],
      ['the body', () => ({ path: '/x', method: 'POST', body: `{"k":"${fixture().phantom}"}` })],
      ['the body', () => ({ path: '/x', method: 'POST', body: `${'x'.repeat(50_000)}${fixture().phantom}` })],
    ] as const)('in %s is refused, and the place is named', async (place, what) => {
      const { path, ...rest }: { path: string; fields?: string; method?: string; body?: string } = what()
      const { answer, seen } = await send(fixture(), path, { ...rest, fields: `${authorized()}${rest.fields ?? ''}` })
      expect(answer).toMatch(/^HTTP\/1\.1 403 .*PHANTOM_MISPLACED/s)
      expect(answer).toContain(`stands in ${place};`)
      expect(answer).not.toContain(fixture().phantom)
      expect(seen).toBeUndefined()
    })

    it('split over two chunks of a body is found', async () => {
      const { phantom } = fixture()
      const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
      const answer = await exchange(
        portOf(fixture().forward),
        `POST /ledger/x HTTP/1.1\r\nHost: d\r\n${authorized()}Transfer-Encoding: chunked\r\n\r\n${chunk(`a${phantom.slice(0, 20)}`)}${chunk(`${phantom.slice(20)}b`)}0\r\n\r\n`,
      )
      expect(answer).toContain('PHANTOM_MISPLACED')
      expect(fixture().upstream.seen.every(({ body }) => !body.includes(phantom))).toBe(true)
    })
  })
})

describe('where a route lets a phantom stand elsewhere', () => {
  withFixture(
    {
      egress: `  routes:
    - { key: ledger, paths: [/all/**], elsewhere: [target, fields, body] }
    - { key: ledger, paths: [/body/**], elsewhere: [body] }
    - { key: ledger, paths: [/always/**], always: true }
    - { key: ledger, paths: [/own/**], own_credentials: true }
    - { key: ledger, paths: [/plain/**] }
`,
    },
    (fixture) => {
      it('it is replaced in the target, in a field and in the body, with the right length', async () => {
        const { phantom, secret } = fixture()
        const { seen } = await send(fixture(), `/all/x?k=${phantom}`, {
          method: 'POST',
          fields: `X-Copy: a ${phantom} b ${phantom}\r\n`,
          body: `{"k":"${phantom}","again":"${phantom}"}`,
        })
        expect(seen?.url === `/all/x?k=${secret}`).toBe(true)
        expect(field(seen, 'x-copy') === `a ${secret} b ${secret}`).toBe(true)
        expect(seen?.body === `{"k":"${secret}","again":"${secret}"}`).toBe(true)
      })
      it('it is replaced in a body in chunks that is larger than a read', async () => {
        const { phantom, secret } = fixture()
        const before = fixture().upstream.seen.length
        const text = `${'x'.repeat(99_990)}${phantom}${'y'.repeat(100_000)}`
        const chunks = (text.match(/.{1,7000}/g) ?? []).map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
        await exchange(
          portOf(fixture().forward),
          `POST /ledger/body/x HTTP/1.1\r\nHost: d\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\nX-T: 1\r\n\r\n`,
        )
        const seen = fixture().upstream.seen[before]
        expect(seen?.body === text.replace(phantom, secret)).toBe(true)
        expect(field(seen, 'content-length')).toBe(String(text.length))
      })
      it('a client that waits for 100 is told to go on', async () => {
        const { phantom, secret } = fixture()
        const before = fixture().upstream.seen.length
        const answer = await exchange(
          portOf(fixture().forward),
          `POST /ledger/body/x HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: ${phantom.length}\r\n\r\n`,
          { until: '100 Continue' },
        )
        expect(answer).toBe('HTTP/1.1 100 Continue\r\n\r\n')
        expect(fixture().upstream.seen.length).toBe(before)
        expect(secret).toBeDefined()
      })
      it('a body beyond what can be held is refused before it is read', async () => {
        const answer = await exchange(
          portOf(fixture().forward),
          'POST /ledger/body/x HTTP/1.1\r\nHost: d\r\nContent-Length: 8388609\r\n\r\nx',
        )
        expect(answer).toMatch(/^HTTP\/1\.1 413 .*BODY_TOO_LARGE/s)
      })
      it('not on another path', async () => {
        const { phantom } = fixture()
        expect((await send(fixture(), `/plain/x?k=${phantom}`)).answer).toContain('PHANTOM_MISPLACED')
        expect((await send(fixture(), `/body/x?k=${phantom}`)).answer).toContain('PHANTOM_MISPLACED')
        expect((await send(fixture(), '/plain/x', { method: 'PUT', body: phantom })).answer).toContain(
          'PHANTOM_MISPLACED',
        )
      })
      it('the key goes along unasked where the route says always, and only there', async () => {
        const { seen } = await send(fixture(), '/always/x')
        expect(field(seen, 'authorization') === `Bearer ${fixture().secret}`).toBe(true)
        const other = await send(fixture(), '/plain/x')
        expect(field(other.seen, 'authorization')).toBeUndefined()
      })
      it('the app’s own credentials pass where the route says so, beside no key of ours', async () => {
        const own = { fields: 'Authorization: Bearer exchanged\r\nX-Api-Key: mine\r\n' }
        const { seen } = await send(fixture(), '/own/x', own)
        expect(field(seen, 'authorization')).toBe('Bearer exchanged')
        expect(field(seen, 'x-api-key')).toBe('mine')
        expect((await send(fixture(), '/plain/x', own)).answer).toContain('PHANTOM_MISSING')
        const keyed = await send(fixture(), '/own/x', {
          fields: `Authorization: Bearer ${fixture().phantom}\r\nX-Api-Key: mine\r\n`,
        })
        expect(field(keyed.seen, 'authorization') === `Bearer ${fixture().secret}`).toBe(true)
        expect(field(keyed.seen, 'x-api-key')).toBeUndefined()
      })
      it('a caller’s own authorization gives way there', async () => {
        const { seen } = await send(fixture(), '/always/x', { fields: 'Authorization: Basic bWluZQ==\r\n' })
        expect(field(seen, 'authorization') === `Bearer ${fixture().secret}`).toBe(true)
        expect(seen?.fields.filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(1)
      })
    },
  )
})

describe('what decides the form of the answer', () => {
  withFixture({}, (fixture) => {
    it('Range and If-Range do not go along with a key', async () => {
      const fields = 'Range: bytes=0-9\r\nIf-Range: "a"\r\n'
      const keyed = await send(fixture(), '/', { fields: `${fields}Authorization: Bearer ${fixture().phantom}\r\n` })
      expect(field(keyed.seen, 'range') ?? field(keyed.seen, 'if-range')).toBeUndefined()
      expect(keyed.seen).toBeDefined()
      const plain = await send(fixture(), '/', { fields })
      expect(field(plain.seen, 'range')).toBe('bytes=0-9')
    })
    it.each([
      ['gzip, deflate, br, zstd', 'gzip, deflate, br, zstd'],
      ['gzip;q=1.0, dcb, *;q=0.5, identity;q=0.1', 'gzip;q=1.0, identity;q=0.1'],
      ['compress, dcz', 'identity'],
      ['*', 'identity'],
    ])('Accept-Encoding %j becomes %j', async (sent, got) => {
      const { seen } = await send(fixture(), '/', { fields: `Accept-Encoding: ${sent}\r\n` })
      expect(field(seen, 'accept-encoding')).toBe(got)
    })
    it('is not added where the client has none', async () => {
      const { seen } = await send(fixture(), '/')
      expect(field(seen, 'accept-encoding')).toBeUndefined()
    })
  })
})
