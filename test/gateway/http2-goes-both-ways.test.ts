import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { askHttp2, http2Inside, tlsInside } from '../support/http2-inside.ts'
import { type Http2Upstream, startHttp2Upstream } from '../support/http2-upstream.ts'
import { portOf } from '../support/raw.ts'
import { scanMemory } from '../support/scan-memory.ts'
import { digest } from '../support/upstream.ts'

let upstream: Http2Upstream
let fixture: EgressFixture
let ca: string
beforeAll(async () => {
  upstream = await startHttp2Upstream(['ledger.test'])
  fixture = await startEgress({ upstream })
  ca = readFileSync(fixture.running.ready.egress?.ca ?? '', 'utf8')
})
afterAll(() => fixture?.stop())

const inside = () => http2Inside(portOf(fixture.forward), fixture.authority, ca)

describe('an upstream that speaks only HTTP/2', () => {
  it('gets the key from an app that speaks HTTP/1.1', async () => {
    const answer = await fetch(`${fixture.reverse}/v1/charges?a=b`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fixture.phantom}`, 'X-Custom': 'Value' },
      body: 'amount=1',
    })
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true, method: 'POST', path: '/v1/charges?a=b' }])
    expect(upstream.seen.at(-1)).toMatchObject({
      authority: fixture.authority,
      authorization: digest(`Bearer ${fixture.secret}`),
      te: 'trailers',
      body: 'amount=1',
    })
    expect(upstream.seen.at(-1)?.fields).toContain('x-custom')
  })

  it('gets it from an app that speaks only HTTP/2', async () => {
    const session = await inside()
    const answer = await askHttp2(
      session,
      { ':method': 'POST', ':path': '/v2', authorization: `Bearer ${fixture.phantom}` },
      'hello',
    )
    expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ ok: true, method: 'POST', path: '/v2' }) })
    expect(upstream.seen.at(-1)).toMatchObject({ authorization: digest(`Bearer ${fixture.secret}`), body: 'hello' })
    session.close()
  })
})

describe('an upstream that sends the key back', () => {
  let echoing: Http2Upstream
  let door: EgressFixture
  beforeAll(async () => {
    echoing = await startHttp2Upstream(['ledger.test'], (stream, { authorization = '', ':path': path }) => {
      stream.additionalHeaders({ ':status': 103, link: `<${authorization}>` })
      stream.respond({ ':status': 200, 'x-echo': authorization }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers(path === '/trailers' ? { 'x-trailer': authorization } : {}))
      for (let at = 0; at < authorization.length; at += 10) stream.write(authorization.slice(at, at + 10))
      stream.end()
    })
    door = await startEgress({ upstream: echoing })
  })
  afterAll(() => door?.stop())

  it.each([
    ['fields and content, and leaves no copy in the gateway', '/'],
    ['trailers', '/trailers'],
  ])('has it taken out of %s', async (_of, path) => {
    const { forward, authority, phantom, secret, running } = door
    const ca = readFileSync(running.ready.egress?.ca ?? '', 'utf8')
    const session = await http2Inside(portOf(forward), authority, ca)
    let said = ''
    for (let i = 0; i < 50; i++) {
      const stream = session.request({ ':path': path, authorization: `Bearer ${phantom}` })
      for (const event of ['headers', 'response', 'trailers'])
        stream.on(event, (fields) => {
          said += JSON.stringify(fields)
        })
      stream.setEncoding('latin1')
      for await (const chunk of stream) said += chunk
    }
    session.close()
    expect(said).not.toContain(secret)
    expect(said).toContain(path === '/trailers' ? '"x-trailer"' : '"x-echo"')
    if (path === '/trailers') return
    await expect
      .poll(() => scanMemory(running.ready.pid, Buffer.from(secret)), { timeout: 4_000, interval: 1_000 })
      .toEqual({})
  })
})

it('an app that speaks both gets HTTP/1.1', async () => {
  const socket = await tlsInside(portOf(fixture.forward), fixture.authority, ca, ['h2', 'http/1.1'])
  expect(socket.alpnProtocol).toBe('http/1.1')
  socket.destroy()
})
