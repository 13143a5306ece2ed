import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startEgress } from '../support/egress-app.ts'
import { exchangeInside, portOf } from '../support/raw.ts'
import { startScripted } from '../support/scripted-upstream.ts'

it.each([10, 100_000, 3_000_000])(
  'an answer of %i bytes from an upstream that closes at once arrives whole inside CONNECT',
  async (size) => {
    const upstream = await startScripted((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n${'x'.repeat(size)}`),
    )
    const fixture = await startEgress({ upstream })
    const ca = readFileSync(fixture.running.ready.egress?.ca ?? '', 'utf8')
    for (let round = 0; round < 5; round++) {
      const answer = await exchangeInside(
        portOf(fixture.forward),
        { authority: fixture.authority, serverName: 'ledger.test', ca },
        `GET /x HTTP/1.1\r\nHost: ${fixture.authority}\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
      )
      expect(answer.length - answer.indexOf('\r\n\r\n') - 4).toBe(size)
    }
    const coded = fixture.audit().filter((record) => record.event === 'outcome' && record.code !== undefined)
    expect(coded).toEqual([])
    await fixture.stop()
  },
)
