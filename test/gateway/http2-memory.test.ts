import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkoutWithout } from '../support/checkout-without.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { askHttp2, http2Inside } from '../support/http2-inside.ts'
import { type Http2Upstream, startHttp2Upstream } from '../support/http2-upstream.ts'
import { portOf } from '../support/raw.ts'
import { checkout, until } from '../support/sallyport.ts'
import { type Copies, scanMemory } from '../support/scan-memory.ts'
import { digest } from '../support/upstream.ts'

let upstream: Http2Upstream
beforeAll(async () => {
  upstream = await startHttp2Upstream(['ledger.test'])
})
afterAll(() => upstream.close())

/** A thousand requests of every form over HTTP/2 to the upstream; what is in memory a second later. */
async function measure(root: string): Promise<Copies> {
  upstream.seen.length = 0
  let fixture: EgressFixture | undefined
  try {
    fixture = await startEgress({ root, upstream: { ...upstream, close: async () => {} } })
    const { reverse, forward, authority, phantom, secret, running } = fixture
    const ca = readFileSync(running.ready.egress?.ca ?? '', 'utf8')
    const authorization = `Bearer ${phantom}`
    for (let i = 0; i < 400; i++) {
      const answer = await fetch(`${reverse}/v1/${i}`, {
        method: 'POST',
        headers: { authorization, ...(i % 50 === 0 ? { 'x-long': 'v'.repeat(10_000) } : {}) },
        body: 'a'.repeat(i % 50 === 1 ? 200_000 : i),
      })
      await answer.text()
    }
    const session = await http2Inside(portOf(forward), authority, ca)
    for (let i = 0; i < 400; i++) {
      const long = i % 50 === 0 ? { 'x-long': 'v'.repeat(20_000) } : {}
      await askHttp2(session, { ':method': 'PUT', ':path': `/v2/${i}`, authorization, ...long }, 'b'.repeat(i * 10))
    }
    await Promise.all(Array.from({ length: 200 }, (_, i) => askHttp2(session, { ':path': `/v3/${i}`, authorization })))
    // Given up at once: the head may be anywhere on its way.
    for (let i = 0; i < 50; i++) session.request({ ':path': `/v4/${i}`, authorization }).close()
    const carried = upstream.seen.filter(
      ({ path, authorization: seen }) => !path.startsWith('/v4') && seen === digest(`Bearer ${secret}`),
    )
    expect(carried).toHaveLength(1_000)
    const end = Date.now() + 1_000
    await until(
      () => Date.now() >= end,
      2_000,
      () => '',
    )
    const copies = scanMemory(running.ready.pid, Buffer.from(secret))
    session.destroy()
    return copies
  } finally {
    await fixture?.running.stop()
  }
}

describe('one second after 1,000 requests over HTTP/2', () => {
  it('no copy of the key is in the gateway', async () => {
    expect(await measure(checkout)).toEqual({})
  }, 120_000)

  it('copies are found when the frames are not wiped', async () => {
    const root = checkoutWithout({
      file: 'src/http2/connection.ts',
      line: 'wipe(buffer, 0, end)',
      instead: 'void wipe',
    })
    expect((await measure(root)).raw ?? 0).toBeGreaterThan(0)
  }, 120_000)
})
