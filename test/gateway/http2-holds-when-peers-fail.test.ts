import { readFileSync } from 'node:fs'
import type { ClientHttp2Session } from 'node:http2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EgressFixture, startEgress } from '../support/egress-app.ts'
import { askHttp2, http2Inside, tlsInside } from '../support/http2-inside.ts'
import { type Http2Upstream, startHttp2Upstream } from '../support/http2-upstream.ts'
import { portOf } from '../support/raw.ts'
import { until } from '../support/sallyport.ts'

let upstream: Http2Upstream
let fixture: EgressFixture
let session: ClientHttp2Session
let sent = 0
let cancelled = 0
const chunk = Buffer.alloc(65_536, 'x')

beforeAll(async () => {
  upstream = await startHttp2Upstream(['ledger.test'], (stream, fields, connection) => {
    switch (fields[':path']) {
      case '/ok':
        stream.respond({ ':status': 200 })
        stream.end('fine')
        return
      case '/refused':
        stream.close(7)
        return
      case '/reset':
        stream.respond({ ':status': 200, 'content-length': 10 })
        stream.write('abc', () => stream.close(2))
        return
      case '/gone':
        connection.destroy()
        return
      case '/going':
        connection.goaway(0)
        stream.respond({ ':status': 200 })
        stream.end('last')
        return
      case '/longer':
        stream.respond({ ':status': 200, 'content-length': 2 })
        stream.end('abc')
        return
      case '/early':
        stream.respond({ ':status': 413 })
        stream.end('too much')
        return
      case '/endless': {
        stream.respond({ ':status': 200 })
        stream.on('aborted', () => cancelled++)
        const more = () => {
          while (!stream.destroyed && stream.write(chunk)) sent += chunk.length
          sent += chunk.length
        }
        stream.on('drain', more)
        more()
        return
      }
      case '/unread':
        stream.on('aborted', () => cancelled++)
        stream.pause()
        return
    }
  })
  fixture = await startEgress({ upstream })
  const ca = readFileSync(fixture.running.ready.egress?.ca ?? '', 'utf8')
  session = await http2Inside(portOf(fixture.forward), fixture.authority, ca)
  session.on('error', () => {})
})
afterAll(async () => {
  session?.destroy()
  await fixture?.stop()
})

const fields = (path: string) => ({ ':path': path, authorization: `Bearer ${fixture.phantom}` })
const codeOf = async (path: string) => JSON.parse((await askHttp2(session, fields(path))).body).code
const residentMiB = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fixture.running.ready.pid}/status`, 'utf8'))?.[1]) / 1024

describe('an upstream that', () => {
  it.each([
    ['refuses a stream', '/refused', 'UPSTREAM_INTERRUPTED'],
    ['goes away before its answer', '/gone', 'UPSTREAM_INTERRUPTED'],
  ])('%s is a problem document', async (_what, path, code) => {
    expect(await codeOf(path)).toBe(code)
    expect((await askHttp2(session, fields('/ok'))).body).toBe('fine')
  })

  it('breaks off its answer has the stream reset, never ended', async () => {
    await expect(askHttp2(session, fields('/reset'))).rejects.toThrow(/NGHTTP2_/)
    await expect(askHttp2(session, fields('/longer'))).rejects.toThrow(/NGHTTP2_/)
    expect((await askHttp2(session, fields('/ok'))).body).toBe('fine')
  })

  it('says that it goes away is asked no more on that connection', async () => {
    const before = upstream.connections()
    expect((await askHttp2(session, fields('/going'))).body).toBe('last')
    expect((await askHttp2(session, fields('/ok'))).body).toBe('fine')
    expect(upstream.connections()).toBeGreaterThan(before)
  })

  it('answers before the request is whole has its answer passed on', async () => {
    const stream = session.request({ ...fields('/early'), ':method': 'POST' })
    stream.write('a')
    const status = await new Promise((resolve) => stream.once('response', (answer) => resolve(answer[':status'])))
    expect(status).toBe(413)
    let body = ''
    stream.setEncoding('utf8')
    for await (const text of stream) body += text
    expect(body).toBe('too much')
  })
})

describe('a peer that does not read costs no memory', () => {
  it('where it is the app', async () => {
    const stream = session.request(fields('/endless'))
    await new Promise((resolve) => stream.once('response', resolve))
    stream.pause()
    let last = -1
    // The upstream stands still when nobody takes more of it.
    await until(
      async () => {
        const isStill = sent === last
        last = sent
        await new Promise((resolve) => setTimeout(resolve, 300))
        return isStill
      },
      20_000,
      () => 'the upstream was never stopped',
    )
    const before = residentMiB()
    expect(sent).toBeLessThan(64 * 1024 * 1024)
    expect((await askHttp2(session, fields('/ok'))).body).toBe('fine')
    let got = 0
    stream.on('data', (bytes: Buffer) => {
      got += bytes.length
    })
    stream.resume()
    await until(
      () => got > 300 * 1024 * 1024,
      25_000,
      () => `only ${got} bytes came`,
    )
    expect(residentMiB() - before).toBeLessThan(60)
    const ended = cancelled
    stream.close(8)
    await until(
      () => cancelled > ended,
      5_000,
      () => 'the upstream was not told',
    )
  }, 60_000)

  it('where it is the upstream', async () => {
    const before = residentMiB()
    const stream = session.request({ ...fields('/unread'), ':method': 'POST' })
    stream.on('error', () => {})
    let given = 0
    let isStill = false
    const more = () => {
      while (given < 256 * 1024 * 1024 && stream.write(chunk)) given += chunk.length
    }
    stream.on('drain', more)
    more()
    await until(
      async () => {
        const last = given
        await new Promise((resolve) => setTimeout(resolve, 300))
        isStill = given === last
        return isStill
      },
      20_000,
      () => 'the app was never stopped',
    )
    expect(given).toBeLessThan(64 * 1024 * 1024)
    expect(residentMiB() - before).toBeLessThan(40)
    stream.close(8)
    expect((await askHttp2(session, fields('/ok'))).body).toBe('fine')
  }, 60_000)
})

it('an app that offers HTTP/2 and then speaks something else is cut off', async () => {
  const ca = readFileSync(fixture.running.ready.egress?.ca ?? '', 'utf8')
  const socket = await tlsInside(portOf(fixture.forward), fixture.authority, ca)
  let isClosed = false
  socket.on('close', () => {
    isClosed = true
  })
  socket.on('error', () => {})
  socket.resume()
  socket.write('GET / HTTP/1.1\r\nHost: ledger.test\r\n\r\n')
  await until(
    () => isClosed,
    5_000,
    () => 'still open',
  )
  expect(fixture.audit().at(-1)).toMatchObject({ decision: 'refuse', code: 'REQUEST_MALFORMED' })
})
