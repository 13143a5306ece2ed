import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'

let fixture: EgressFixture
beforeAll(async () => {
  fixture = await startEgress({
    egress: `  routes:
    - { key: ledger, paths: [/body/**], elsewhere: [body] }
`,
  })
})
afterAll(() => fixture.stop())

const head = (framing: string) => `POST /ledger/body/x HTTP/1.1\r\nHost: d\r\n${framing}\r\n\r\n`
const written = (socket: Socket, bytes: Buffer | string) =>
  new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
const megabytes = () => {
  const status = readFileSync(`/proc/${fixture.running.ready.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024
}

it('a body of three megabytes in chunks of one byte takes no hundred of them', async () => {
  const socket = connect({ port: portOf(fixture.forward), host: '127.0.0.1' })
  let answer = ''
  socket.on('data', (bytes: Buffer) => {
    answer += bytes
  })
  const before = megabytes()
  await written(socket, head('Transfer-Encoding: chunked'))
  const chunks = Buffer.from('1\r\na\r\n'.repeat(10_000))
  for (let i = 0; i < 300; i++) await written(socket, chunks)
  // Read to its end, and held to its end.
  const ended = new Promise((resolve) => socket.once('data', resolve))
  await written(socket, `${(fixture.phantom.length).toString(16)}\r\n${fixture.phantom}\r\n0\r\n\r\n`)
  await ended
  expect(megabytes() - before).toBeLessThan(100)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(fixture.upstream.seen.at(-1)?.body === `${'a'.repeat(3_000_000)}${fixture.secret}`).toBe(true)
  socket.destroy()
}, 60_000)

it('bodies that are held together have a limit, and make room when they end', async () => {
  const sockets = Array.from({ length: 10 }, () => connect({ port: portOf(fixture.forward), host: '127.0.0.1' }))
  const answers = sockets.map(
    (socket) =>
      new Promise<string>((resolve) => {
        socket.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')))
        socket.on('error', () => {})
      }),
  )
  // All but the last byte: 80 MB, of which 64 MiB can be held.
  for (const socket of sockets) socket.write(`${head('Content-Length: 8000001')}${'x'.repeat(8_000_000)}`)
  expect(await Promise.race(answers)).toMatch(/^HTTP\/1\.1 503 .*BODIES_TOO_LARGE/s)
  for (const socket of sockets) socket.destroy()
  const { phantom, secret } = fixture
  const answer = await exchange(
    portOf(fixture.forward),
    `${head(`Content-Length: ${phantom.length}\r\nConnection: close`)}${phantom}`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(fixture.upstream.seen.at(-1)?.body === secret).toBe(true)
}, 60_000)
