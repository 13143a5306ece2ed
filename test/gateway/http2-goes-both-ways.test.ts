import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { askHttp2, http2Inside, tlsInside } from '../support/http2-inside.ts'
import { type Http2Upstream, startHttp2Upstream } from '../support/http2-upstream.ts'
import { portOf } from '../support/raw.ts'
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

it('an app that speaks both gets HTTP/1.1', async () => {
  const socket = await tlsInside(portOf(fixture.forward), fixture.authority, ca, ['h2', 'http/1.1'])
  expect(socket.alpnProtocol).toBe('http/1.1')
  socket.destroy()
})
