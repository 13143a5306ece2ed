import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkoutWithout } from '../support/checkout-without.ts'
import { startEgress } from '../support/egress-app.ts'
import { exchange, portOf } from '../support/raw.ts'
import { until } from '../support/sallyport.ts'
import { scanMemory } from '../support/scan-memory.ts'
import { type ScriptedUpstream, startScripted } from '../support/scripted-upstream.ts'

type Piece = string | Buffer
const ok = (fields: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
/** A frame of a text or a PING (RFC 6455 §5.2). */
const frame = (opcode: number, text: string) =>
  Buffer.concat([Buffer.from([0x80 | opcode, text.length]), Buffer.from(text)])

/** What comes for a target, in pieces with a pause between them; the connection then ends. */
const answers: Readonly<Record<string, (key: string) => readonly Piece[]>> = {
  coding: (key) => [ok(`Content-Encoding: compress\r\nContent-Length: ${key.length}\r\n`), key],
  damaged: (key) => [`${ok(`Content-Encoding: gzip\r\nContent-Length: ${key.length}\r\n`)}${key}`],
  malformed: (key) => [`HTTP/1.1 200 OK\r\nX-Echo: ${key}\r\nno field\r\n\r\n`],
  split: (key) => [`HTTP/1.1 200 OK\r\nX-Echo: ${key}\r\nX-`, 'More: 1\r\nX-', 'Rest: 1\r\nContent-Length: 0\r\n\r\n'],
  unended: (key) => [`HTTP/1.1 200 OK\r\nX-Echo: ${key}\r\n`],
  behind: (key) => [`HTTP/1.1 204 No Content\r\n\r\n${key}`],
  trailers: (key) => [`${ok('Transfer-Encoding: chunked\r\n')}${chunk('x')}0\r\nX-Echo: ${key}\r\n${key}: 1\r\n\r\n`],
  messages: (key) => [
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    Buffer.concat([frame(9, key), frame(1, key)]),
  ],
}

let upstream: ScriptedUpstream
beforeAll(async () => {
  upstream = await startScripted((socket, target, head) => {
    const key = /^authorization: bearer (\S+)/im.exec(head)?.[1] ?? ''
    const pieces = answers[target.slice(1)]?.(key) ?? []
    const send = async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
      socket.end()
    }
    void send()
  })
})
afterAll(() => upstream.close())

const webSocket = 'Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'

/** How often the key is in the gateway's memory a second after ten answers of each of these sorts. */
async function copiesAfter(names: readonly string[], root?: string): Promise<number> {
  const close = async () => {}
  const fixture = await startEgress({
    upstream: { port: upstream.port, caPem: upstream.caPem, close },
    ...(root === undefined ? {} : { root }),
  })
  try {
    for (const name of names) {
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const answer = await exchange(
            portOf(fixture.forward),
            `GET /ledger/${name} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\n${name === 'messages' ? webSocket : 'Connection: close\r\n'}\r\n`,
          )
          expect(answer).not.toContain(fixture.secret)
        }),
      )
    }
    const end = Date.now() + 1_000
    await until(
      () => Date.now() >= end,
      2_000,
      () => '',
    )
    // Its end: an allocator writes over the first bytes of what was given back to it.
    const copies = scanMemory(fixture.running.ready.pid, Buffer.from(fixture.secret.slice(-48)))
    return Object.values(copies).reduce((sum, count) => sum + count, 0)
  } finally {
    await fixture.stop()
  }
}

it('no copy of a key is left of answers that were refused, broken off, came in pieces, or hold it in trailers or messages', async () => {
  expect(await copiesAfter(Object.keys(answers))).toBe(0)
}, 60_000)

it('a request whose answer had begun when the connection ended is not sent a second time', async () => {
  let count = 0
  const server = await startScripted((socket) => {
    // The first leaves a connection that is used again: were it idle when it ends, another try would be safe.
    if (++count === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    else socket.end('HTTP/1.1 200 OK\r\nX-Begun: 1\r\n')
  })
  const fixture = await startEgress({ upstream: server })
  try {
    const ask = () =>
      exchange(
        portOf(fixture.forward),
        `GET /ledger/ HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer ${fixture.phantom}\r\nConnection: close\r\n\r\n`,
      )
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 /)
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 .*UPSTREAM_INTERRUPTED/s)
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1])
  } finally {
    await fixture.stop()
  }
}, 30_000)

it.each([
  ['damaged', 'read buffers', 'src/relay/origin.ts', 'wipe(reading.current, 0, end)', 'void wipe'],
  ['split', 'pieces of a head', 'src/relay/answer.ts', 'wipe(answer.partial)', 'void wipe'],
  [
    'split',
    'pieces that were put together',
    'src/relay/answer.ts',
    'if (input !== read) wipe(input)',
    'void [input, read]',
  ],
  ['trailers', 'trailers', 'src/http1/body.ts', 'wipe(body.trailers, 0, body.keptLength)', 'void wipe'],
])(
  'copies are found after %s where the %s are left as they are',
  async (name, _what, file, line, instead) => {
    expect(await copiesAfter([name], checkoutWithout({ file, line, instead }))).toBeGreaterThan(0)
  },
  60_000,
)
