import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { limits } from '../../src/limits.ts'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { exchange, exchangeInside, portOf } from '../support/raw.ts'
import { until } from '../support/sallyport.ts'
import { type ScriptedUpstream, startScripted } from '../support/scripted-upstream.ts'

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const lastOk = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'
const block = Buffer.alloc(1024 * 1024, 'x')
const blocks = 200
/** The upstream's sides of its connections, the newest last. */
const served: TLSSocket[] = []
let slowlyRead = 0

let upstream: ScriptedUpstream
let fixture: EgressFixture
beforeAll(async () => {
  upstream = await startScripted((socket, target) => {
    if (served.at(-1) !== socket) served.push(socket)
    const routes: Record<string, () => void> = {
      '/large': () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${blocks * block.length}\r\n\r\n`)
        let left = blocks
        const pump = () => {
          while (left > 0 && !socket.destroyed) {
            left--
            if (!socket.write(block)) return
          }
        }
        socket.on('drain', pump)
        pump()
      },
      '/slow': () => void readSlowly(socket),
      '/silent': () => {},
      '/refuse-early': () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge'),
      '/417': () => socket.write('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n'),
      // No 100: it answers when the body has come.
      '/no-100': () => {
        socket.removeAllListeners('data')
        socket.once('data', () => socket.end(lastOk))
      },
    }
    const route = routes[target] ?? (() => socket.write(ok))
    route()
  })
  fixture = await startEgress({ upstream })
})
afterAll(() => fixture.stop())

/** Takes what comes at a pace that is not the sender's, and answers at the end. */
async function readSlowly(socket: TLSSocket): Promise<void> {
  socket.removeAllListeners('data')
  slowlyRead = 0
  socket.on('data', (chunk: Buffer) => {
    slowlyRead += chunk.length
    if (slowlyRead >= blocks * block.length) socket.end(lastOk)
    socket.pause()
    setImmediate(() => socket.resume())
  })
}

const door = () => portOf(fixture.forward)
const open = () => connect({ port: door(), host: '127.0.0.1', allowHalfOpen: true })
const line = (method: string, path: string, fields = '') =>
  `${method} /ledger${path} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\n${fields}\r\n`
const closing = 'Connection: close\r\n'
const serves = async () => expect(await exchange(door(), line('GET', '/ok', closing))).toMatch(/^HTTP\/1\.1 200 OK/)
const residentMiB = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fixture.running.ready.pid}/status`, 'utf8'))?.[1]) / 1024
const outcomes = () => fixture.audit().filter(({ event }) => event === 'outcome').length

/** Runs `work`, and returns by how much the gateway's resident memory was above where it began. */
async function growthMiB(work: () => Promise<void>): Promise<number> {
  const before = residentMiB()
  let most = before
  let isOver = false
  const running = work().finally(() => {
    isOver = true
  })
  while (!isOver) {
    most = Math.max(most, residentMiB())
    await pause(20)
  }
  await running
  return most - before
}

it('200 MiB for a client that reads slowly arrive whole and take no memory', async () => {
  let received = 0
  const growth = await growthMiB(async () => {
    const socket = open()
    socket.write(line('GET', '/large', closing))
    for await (const chunk of socket) {
      received += (chunk as Buffer).length
      if (received % 7 === 0) await pause(1)
    }
  })
  expect(received).toBeGreaterThan(blocks * block.length)
  expect(growth).toBeLessThan(64)
}, 60_000)

it('200 MiB for an upstream that reads slowly arrive whole and take no memory', async () => {
  let answer = ''
  const growth = await growthMiB(async () => {
    const socket = open()
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.write(line('POST', '/slow', `${closing}Content-Length: ${blocks * block.length}\r\n`))
    for (let sent = 0; sent < blocks; sent++)
      if (!socket.write(block)) await new Promise((resolve) => socket.once('drain', resolve))
    await until(
      () => answer.endsWith('ok'),
      30_000,
      () => `the upstream has read ${slowlyRead} bytes`,
    )
    socket.destroy()
  })
  expect(slowlyRead).toBe(blocks * block.length)
  expect(growth).toBeLessThan(64)
}, 60_000)

it.each([
  ['in the middle of its body', () => `${line('POST', '/silent', 'Content-Length: 1000\r\n')}half`],
  ['before its answer', () => line('GET', '/silent')],
  ['in the middle of its answer', () => line('GET', '/large')],
])('a client that is gone %s ends the exchange and nothing else', async (_name, text) => {
  const before = outcomes()
  const connections = served.length
  const socket = open()
  socket.on('error', () => {})
  socket.write(text())
  await until(
    () => served.length > connections || upstream.seen.at(-1)?.target !== '/ok',
    5_000,
    () => 'the request did not arrive',
  )
  const other = served.at(-1)
  socket.resetAndDestroy()
  await until(
    () => outcomes() === before + 1,
    5_000,
    () => 'no outcome is on record',
  )
  await until(
    () => other?.destroyed === true || other?.readableEnded === true,
    5_000,
    () => 'the upstream was left waiting',
  )
  other?.destroy()
  await serves()
})

it('while the disk is full no request leaves, and when there is room again they do', async () => {
  const { pid } = fixture.running.ready
  const size = statSync(join(fixture.folder, 'audit.jsonl')).size
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`])
  const before = upstream.seen.length
  limit(`${size}:`)
  for (let round = 0; round < 3; round++) {
    const answer = await exchange(door(), line('GET', '/ok', closing))
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*AUDIT_UNWRITABLE/)
  }
  expect(upstream.seen).toHaveLength(before)
  limit('unlimited:')
  await serves()
  expect(() => fixture.audit()).not.toThrow()
})

it('an answer that comes before the end of the body arrives, and the connection ends with it', async () => {
  const answer = await exchange(door(), `${line('POST', '/refuse-early', 'Content-Length: 100000\r\n')}begin`)
  expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close\r\n[\s\S]*large$/)
})

it('an expectation that the upstream does not meet is its answer, and one that it passes over is no obstacle', async () => {
  const expecting = `${closing}Expect: 100-continue\r\nContent-Length: 4\r\n`
  expect(await exchange(door(), line('POST', '/417', expecting))).toMatch(/^HTTP\/1\.1 417 /)
  const socket = open()
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
  })
  const before = upstream.seen.length
  socket.write(line('POST', '/no-100', expecting))
  await until(
    () => upstream.seen.length > before,
    5_000,
    () => 'the head did not leave before its body',
  )
  socket.write('body')
  await until(
    () => answer.endsWith('ok'),
    5_000,
    () => answer,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
  socket.destroy()
})

it('a client that ends its side behind its requests gets all the answers', async () => {
  const answer = await exchange(door(), line('GET', '/ok').repeat(100), { end: true })
  expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(100)
})

it('CONNECT without Host and an https URL in clear reach the upstream', async () => {
  const ca = readFileSync(fixture.environment.SSL_CERT_FILE as string, 'utf8')
  const request = `GET /ok HTTP/1.1\r\nHost: ${fixture.authority}\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`
  const inside = { authority: fixture.authority, serverName: 'ledger.test', ca }
  expect(await exchangeInside(door(), inside, request)).toMatch(/^HTTP\/1\.1 200 OK/)
  const bare = await exchange(door(), `CONNECT ${fixture.authority} HTTP/1.1\r\n\r\n`, { until: '\r\n\r\n' })
  expect(bare).toMatch(/^HTTP\/1\.1 200 /)
  const absolute = request.replace('GET ', `GET https://${fixture.authority}`)
  expect(await exchange(door(), absolute)).toMatch(/^HTTP\/1\.1 200 OK/)
})

it('as many idle connections as the limit says cost little, one more is closed, and requests go on', async () => {
  const idle: Socket[] = []
  const closed = (socket: Socket) =>
    new Promise<void>((resolve) => {
      socket.resume()
      socket.once('end', resolve)
      socket.once('error', () => resolve())
    })
  const opened = (socket: Socket) => new Promise<void>((resolve) => socket.once('connect', resolve))
  const growth = await growthMiB(async () => {
    for (let at = 0; at < limits.connectionsMax; at += 500) {
      const more = Array.from({ length: 500 }, () => open())
      idle.push(...more)
      await Promise.all(more.map(opened))
    }
    await closed(open())
  })
  const [first] = idle
  if (!first) throw new Error('no connection')
  let answer = ''
  first.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
  })
  first.write(line('GET', '/ok'))
  await until(
    () => answer.endsWith('ok'),
    5_000,
    () => 'a connection that was open is not served',
  )
  for (const socket of idle) socket.destroy()
  await until(
    async () => /^HTTP\/1\.1 200 OK/.test(await exchange(door(), line('GET', '/ok', closing))),
    10_000,
    () => 'the door does not take connections again',
  )
  expect(growth).toBeLessThan(100)
}, 60_000)
