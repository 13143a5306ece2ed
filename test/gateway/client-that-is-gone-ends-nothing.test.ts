import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'

/** Sends `text` and resets the connection, at one of three moments. */
function reset(port: number, text: string, moment: number): Promise<void> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' }, () =>
      socket.write(text, () => {
        const end = () => socket.resetAndDestroy()
        if (moment === 0) end()
        else if (moment === 1) setImmediate(end)
        else setTimeout(end, 1)
      }),
    )
    socket.on('error', () => {})
    socket.on('close', () => done())
  })
}

it.each([
  ['CONNECT that cannot be recorded', '/dev/full', (port: number) => `CONNECT other.test:${port} HTTP/1.1\r\n\r\n`],
  ['CONNECT', 'audit.jsonl', (port: number) => `CONNECT other.test:${port} HTTP/1.1\r\n\r\n`],
  ['CONNECT to a host of a key', 'audit.jsonl', (port: number) => `CONNECT ledger.test:${port} HTTP/1.1\r\n\r\n`],
])('after a %s and a reset the gateway goes on', async (_name, audit, text) => {
  const fixture = await startEgress({ audit })
  const port = portOf(fixture.forward)
  for (let round = 0; round < 60; round++) await reset(port, text(fixture.upstream.port), round % 3)
  const answer = await exchange(port, 'GET /none HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n')
  expect(answer).toContain('REQUEST_MISDIRECTED')
  expect(fixture.running.output()).not.toContain('Unhandled')
  await fixture.stop()
})
