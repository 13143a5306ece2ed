import { once } from 'node:events'
import { createServer as createPlain, type Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { probeService } from '../../src/probe/probe-service.ts'
import { makePki, type Pki } from './pki.ts'
import { nginx } from './services.ts'
import { freePort } from './start-program.ts'

let pki: Pki
beforeAll(async () => {
  pki = await makePki()
})
afterAll(() => pki.remove())

/** Writes without an end, as fast as it is read. */
function pour(socket: Socket, head: string, chunk: Buffer): void {
  socket.write(head)
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

const bomb = gzipSync(Buffer.alloc(64 * 1_048_576))

const hostile: readonly (readonly [name: string, answer: (socket: Socket) => void, verdict: string])[] = [
  ['an endless body', (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(65_536, 97)), 'not enforced'],
  [
    'an endless chunked body',
    (socket) =>
      pour(
        socket,
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
        Buffer.from(`4000\r\n${'a'.repeat(16_384)}\r\n`),
      ),
    'not enforced',
  ],
  [
    'an endless head',
    (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n', Buffer.from(`X-A: ${'a'.repeat(8_000)}\r\n`)),
    'not enforced',
  ],
  [
    'interim answers without an end',
    (socket) => pour(socket, '', Buffer.from('HTTP/1.1 103 Early\r\n\r\n'.repeat(500))),
    'inconclusive',
  ],
  ['nothing', () => undefined, 'inconclusive'],
  [
    'a reset at once',
    (socket) => ('encrypted' in socket ? socket.destroy() : socket.resetAndDestroy()),
    'inconclusive',
  ],
  ['an end at once', (socket) => socket.end(), 'inconclusive'],
  ['garbage', (socket) => socket.end(Buffer.alloc(3_000, 0xfe)), 'inconclusive'],
  ['endless garbage', (socket) => pour(socket, '', Buffer.alloc(65_536, 0xfe)), 'inconclusive'],
  ['a status of 000', (socket) => socket.end('HTTP/1.1 000 \r\n\r\n'), 'not enforced'],
  ['lines that end with LF alone', (socket) => socket.end('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'), 'not enforced'],
  [
    'a length that is a lie',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nok'),
    'not enforced',
  ],
  ['a negative length', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nok'), 'not enforced'],
  [
    'chunks that are none',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok'),
    'not enforced',
  ],
  [
    'a compression bomb',
    (socket) =>
      socket.end(
        Buffer.concat([
          Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`),
          bomb,
        ]),
      ),
    'not enforced',
  ],
]

/** Answers every request with `answer`, in clear or over TLS. */
async function listenRaw(kind: 'plain' | 'tls', answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const serve = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => answer(socket))
  }
  const server =
    kind === 'plain'
      ? createPlain(serve)
      : createTls(
          { cert: pki.server.certificate, key: pki.server.key, requestCert: true, rejectUnauthorized: false },
          serve,
        )
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

it.each(
  hostile.flatMap(([name, answer, verdict]) =>
    (['plain', 'tls'] as const).map((kind) => [name, kind, answer, verdict] as const),
  ),
)('%s (%s) ends in bounded time and memory', async (name, kind, answer, verdict) => {
  const service = await listenRaw(kind, answer)
  const startedMs = performance.now()
  const report = await probeService({
    url: `https://127.0.0.1:${service.port}`,
    good: pki.good,
    timeoutMs: 300,
    totalTimeoutMs: 6_000,
  })
  await service.stop()
  expect(report.verdict, report.reasons.join('\n')).toBe(verdict)
  if (name.startsWith('an endless')) expect(report.gaps.join()).toContain('were read only to there')
  expect(performance.now() - startedMs).toBeLessThan(9_000)
  expect(process.memoryUsage().rss).toBeLessThan(1_000 * 1_048_576)
})

it('keeps control characters of a server out of the report', async () => {
  const service = await listenRaw('plain', (socket) =>
    socket.end(
      `HTTP/1.1 500 \u001b[2J\r\nX: \u001b[31m\r\n\r\n\u001b]0;x\u0007<p>use <code>Rack::ShowExceptions</code></p>/srv/\u0007\u009bapp.rb:3:in \`x'`,
    ),
  )
  const report = await probeService({ url: `http://127.0.0.1:${service.port}`, timeoutMs: 1_000 })
  await service.stop()
  expect(report.findings.map(({ rule }) => rule)).toContain('backtrace-in-response')
  const shown = report.findings.flatMap(({ evidence = [], message }) => [message, ...evidence]).join('')
  expect([...shown].filter((character) => character < ' ' || character === '\u009b')).toEqual([])
})

it('says that a service cannot be reached, and judges nothing', async () => {
  const port = await freePort()
  await expect(probeService({ url: `https://127.0.0.1:${port}` })).rejects.toMatchObject({ code: 'PROBE_UNREACHABLE' })
})

it('is inconclusive without a good certificate, however well strangers are refused', async () => {
  const service = await nginx('ssl_verify_client on;')(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}` })
  await service.stop()
  expect(report.verdict).toBe('inconclusive')
  expect(report.reasons.join()).toContain('no good certificate was given')
  expect(report.score.grade).toBe('C')
})

it('never shows an arm that could not be tried as passed', async () => {
  const service = await nginx('ssl_verify_client on;')(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}`, good: pki.good })
  await service.stop()
  expect(report.verdict).toBe('enforced')
  expect(report.arms.filter(({ arm }) => arm === 'expired').map(({ outcome }) => outcome)).toEqual([
    'not tested',
    'not tested',
  ])
  expect(report.gaps.join()).toContain('expired')
})

it('does not take the refusal of another CA for the refusal of expiry', async () => {
  const other = await makePki()
  const service = await nginx('ssl_verify_client on;')(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}`, good: pki.good, clientCa: other.ca })
  await service.stop()
  other.remove()
  expect(report.arms.filter(({ arm }) => arm === 'expired').map(({ outcome }) => outcome)).toEqual([
    'unclear',
    'unclear',
  ])
})

it('tells a server certificate that does not verify, and judges the client certificates all the same', async () => {
  const other = await makePki()
  const service = await nginx('ssl_verify_client on;')(pki)
  const report = await probeService({
    url: `https://127.0.0.1:${service.port}`,
    good: pki.good,
    serverCa: other.ca.certificate,
  })
  await service.stop()
  other.remove()
  expect(report.verdict).toBe('enforced')
  expect(report.findings.map(({ rule }) => rule)).toEqual(['server-certificate-not-verified'])
})
