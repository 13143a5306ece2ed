import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  getFields,
  headers,
  openRawClient,
  preface,
  type RawClient,
  type,
  uint32,
  verdictOf,
} from '../../test/support/http2-frames.ts'
import { askHttp2 } from '../../test/support/http2-inside.ts'
import { until } from '../../test/support/sallyport.ts'
import { stubSocket } from '../../test/support/stub-socket.ts'
import type { Problem } from '../http1/problem.ts'
import { limits } from '../limits.ts'
import { acceptHttp2 } from './accept.ts'

/** One served request: its text so far, and its socket. */
interface Served {
  text: string
  ended: boolean
  closed: boolean
  readonly socket: Socket
}

interface Fixture {
  readonly port: number
  readonly served: Served[]
  readonly refused: Problem[]
  readonly connections: { end(): void }[]
}

const servers: Server[] = []
const clients: RawClient[] = []
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** Serves each request by `answer`, which is called when it has ended. */
async function start(answer?: (served: Served) => void): Promise<Fixture> {
  const served: Served[] = []
  const refused: Problem[] = []
  const connections: { end(): void }[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.push(
      acceptHttp2(socket, {
        serve(stream) {
          const one: Served = { text: '', ended: false, closed: false, socket: stream }
          served.push(one)
          stream.on('data', (chunk: Buffer) => {
            one.text += chunk.toString('latin1')
          })
          stream.on('end', () => {
            one.ended = true
            answer?.(one)
          })
          stream.on('close', () => {
            one.closed = true
          })
        },
        refused: (problem) => void refused.push(problem),
      }),
    )
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, served, refused, connections }
}

async function open(port: number, settings?: Uint8Array): Promise<RawClient> {
  const client = await openRawClient(port, settings)
  clients.push(client)
  return client
}

const whole = (body: string, more = '') =>
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\n${more}\r\n${body}`, 'latin1')
const answersItself = ({ text, socket }: Served) => {
  socket.write(whole(text))
  socket.end()
}
const waitFor = (holds: () => boolean) => until(holds, 5_000, () => 'not within 5 s')

describe('a request from Node’s client', () => {
  it('arrives as the HTTP/1.1 that says the same, whatever its fields and content', async () => {
    const { port, served } = await start(answersItself)
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    const name = fc
      .tuple(fc.constantFrom('x-a', 'accept', 'x-very-long-name', 'user-agent'), fc.nat(3))
      .map(([text, number]) => `${text}${number}`)
    const value = fc
      .string({ unit: fc.constantFrom(...'ab!~ ,;=\\"'), minLength: 0, maxLength: 200 })
      .map((t) => t.trim())
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(name, value, { maxKeys: 8 }),
          fc.option(fc.uint8Array({ maxLength: 40_000 }), { nil: undefined }),
          fc.boolean(),
          async (fields, body, hasLength) => {
            const length = hasLength && body ? { 'content-length': String(body.length) } : {}
            const { status, body: text } = await askHttp2(
              session,
              { ':method': 'PUT', ':scheme': 'https', ':path': '/a?b', ':authority': 'h:1', ...fields, ...length },
              body,
            )
            expect(status).toBe(200)
            const sent = served.at(-1)?.text ?? ''
            const [head = ''] = sent.split('\r\n\r\n', 1)
            const lines = head.split('\r\n')
            expect(lines.slice(0, 2)).toEqual(['PUT /a?b HTTP/1.1', 'Host: h:1'])
            const got = Object.fromEntries(lines.slice(2).map((line) => line.split(': ', 2)))
            const framing =
              hasLength && body ? length : body ? { 'transfer-encoding': 'chunked' } : { 'content-length': '0' }
            expect(got).toEqual({ ...fields, ...framing })
            expect(Buffer.byteLength(text)).toBeGreaterThan(0)
            const content = sent.slice(head.length + 4)
            const plain = hasLength || !body ? content : dechunk(content)
            expect(plain).toBe(Buffer.from(body ?? []).toString('latin1'))
          },
        ),
        { numRuns: 60 },
      )
    } finally {
      session.destroy()
    }
  }, 60_000)

  it('brings its trailers, and takes those of the answer', async () => {
    const { port, served } = await start(({ socket }) => {
      socket.write(Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'))
      socket.write(
        Buffer.from(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\nX-Sum:  1 \r\n\r\n',
        ),
      )
      socket.end()
    })
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    const fields = { ':method': 'POST', ':scheme': 'https', ':path': '/' }
    const answer = await askHttp2(session, fields, 'hi', { 'x-check': '2' })
    expect(answer).toMatchObject({ status: 200, body: 'abc', trailers: { 'x-sum': '1' } })
    expect(Object.keys(answer.fields)).toEqual([':status'])
    expect(served[0]?.text).toMatch(/\r\n\r\n2\r\nhi\r\n0\r\nx-check: 2\r\n\r\n$/)
    session.destroy()
  })

  it('has its cookies in one field', async () => {
    const { port, served } = await start(answersItself)
    const client = await open(port)
    client.send(headers(1, getFields(['cookie', 'a=1'], ['x', 'y'], ['cookie', 'b=2'])))
    await waitFor(() => served[0]?.ended ?? false)
    expect(served[0]?.text).toBe('GET / HTTP/1.1\r\nHost: ledger.test\r\nx: y\r\ncookie: a=1; b=2\r\n\r\n')
  })
})

function dechunk(text: string): string {
  let content = ''
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, lineEnd), 16)
    if (size === 0) return content
    content += text.slice(lineEnd + 2, lineEnd + 2 + size)
    at = lineEnd + 4 + size
  }
}

describe('a request that is malformed', () => {
  const without = (name: string) => getFields().filter(([field]) => field !== name)
  it.each<[string, readonly (readonly [string, string])[], string]>([
    ['has a name in upper case', getFields(['X-A', 'b']), 'reset 1 1'],
    ['has a line end in a value', getFields(['x-a', 'b\r\nx-b: c']), 'reset 1 1'],
    ['has a NUL in a value', getFields(['x-a', 'b\0']), 'reset 1 1'],
    ['has white space at the end of a value', getFields(['x-a', 'b ']), 'reset 1 1'],
    ['has a colon in a name', getFields(['x:a', 'b']), 'reset 1 1'],
    ['has a space in a name', getFields(['x a', 'b']), 'reset 1 1'],
    ['has an empty name', getFields(['', 'b']), 'reset 1 1'],
    ['says how a connection goes on', getFields(['connection', 'keep-alive']), 'reset 1 1'],
    ['says transfer-encoding', getFields(['transfer-encoding', 'chunked']), 'reset 1 1'],
    ['says upgrade', getFields(['upgrade', 'h2c']), 'reset 1 1'],
    ['says te: gzip', getFields(['te', 'gzip']), 'reset 1 1'],
    ['has no method', without(':method'), 'reset 1 1'],
    ['has no path', without(':path'), 'reset 1 1'],
    ['has no scheme', without(':scheme'), 'reset 1 1'],
    ['has no authority', without(':authority'), 'reset 1 1'],
    ['has two paths', [...getFields(), [':path', '/b']], 'reset 1 1'],
    ['has a pseudo field behind another', [...without(':path'), ['x', 'y'], [':path', '/']], 'reset 1 1'],
    ['has a status', [...getFields(), [':status', '200']], 'reset 1 1'],
    ['has an unknown pseudo field', [...getFields(), [':protocol', 'websocket']], 'reset 1 1'],
    ['has a space in its path', [...without(':path'), [':path', '/ HTTP/1.1']], 'reset 1 1'],
    ['has a line end in its path', [...without(':path'), [':path', '/\r\nx: y']], 'reset 1 1'],
    ['has an absolute path', [...without(':path'), [':path', 'https://evil.test/']], 'reset 1 1'],
    ['has a space in its method', [...without(':method'), [':method', 'GET /x']], 'reset 1 1'],
    ['has a space in its authority', [...without(':authority'), [':authority', 'a b']], 'reset 1 1'],
    ['names another host than its authority', getFields(['host', 'other.test']), 'reset 1 1'],
    ['names two hosts', getFields(['host', 'ledger.test'], ['host', 'ledger.test']), 'reset 1 1'],
    ['has two lengths', getFields(['content-length', '0'], ['content-length', '0']), 'reset 1 1'],
    ['has a signed length', getFields(['content-length', '+0']), 'reset 1 1'],
    ['has less content than its length', getFields(['content-length', '3']), 'reset 1 1'],
    ['is for plain HTTP', [...without(':scheme'), [':scheme', 'http']], 'reset 1 1'],
    [
      'is CONNECT',
      [
        [':method', 'CONNECT'],
        [':authority', 'a:1'],
      ],
      'reset 1 1',
    ],
    ['is CONNECT with a path', [...without(':method'), [':method', 'CONNECT']], 'reset 1 13'],
    [
      'has more fields than a head may have',
      getFields(...Array.from({ length: limits.fieldsMax }, () => ['a', 'b'] as const)),
      'reset 1 11',
    ],
  ])('because it %s is not served', async (_why, fields, verdict) => {
    const { port, served, refused } = await start(answersItself)
    const client = await open(port)
    client.send(headers(1, fields))
    await client.until((frames) => verdictOf(frames) !== 'none')
    expect([verdictOf(client.frames), served.length, refused.length]).toEqual([verdict, 0, 1])
    // The connection goes on.
    client.send(headers(3, getFields()))
    await waitFor(() => served.length === 1)
  })

  it.each([
    ['more content than its length', [frame(type.data, 0, 1, 'abcd')]],
    ['less content than its length', [frame(type.data, END_STREAM, 1, 'ab')]],
    ['trailers before its length is there', [headers(1, [['x', 'y']])]],
    ['a pseudo field among its trailers', [frame(type.data, 0, 1, 'abc'), headers(1, [[':path', '/']])]],
    ['trailers without its end', [frame(type.data, 0, 1, 'abc'), headers(1, [['x', 'y']], 0)]],
  ])('because it has %s is cut', async (_why, frames) => {
    const { port, served } = await start(answersItself)
    const client = await open(port)
    client.send(headers(1, getFields(['content-length', '3']), 0), ...frames)
    await client.until((got) => verdictOf(got) !== 'none')
    expect(verdictOf(client.frames)).toBe('reset 1 1')
    await waitFor(() => served[0]?.closed ?? true)
    expect(served[0]?.ended ?? false).toBe(false)
  })
})

describe('a client that floods', () => {
  const ping = frame(type.ping, 0, 0, 'abcdefgh')
  const many = (count: number, bytes: Uint8Array) => Buffer.concat(Array.from({ length: count }, () => bytes))
  const idleMax = limits.http2IdleFramesMax + 10
  const opening = frame(type.headers, 0, 1, block(getFields()))
  it.each([
    ['PING', many(idleMax, ping)],
    ['SETTINGS', many(idleMax, frame(type.settings, 0, 0))],
    ['PRIORITY', many(idleMax, frame(type.priority, 0, 3, uint32(0, 0).subarray(0, 5)))],
    ['unknown frames', many(idleMax, frame(77, 0, 0))],
    ['empty DATA', Buffer.concat([headers(1, getFields(), 0), many(idleMax, frame(type.data, 0, 1))])],
    [
      'empty CONTINUATION',
      Buffer.concat([opening, many(limits.http2ContinuationsMax + 1, frame(type.continuation, 0, 1))]),
    ],
    ['CONTINUATION', Buffer.concat([opening, many(8, frame(type.continuation, 0, 1, Buffer.alloc(16_000)))])],
    [
      'streams that it resets',
      Buffer.concat(
        Array.from({ length: limits.http2ResetsMax + 10 }, (_, i) =>
          Buffer.concat([headers(i * 2 + 1, getFields()), frame(type.reset, 0, i * 2 + 1, uint32(8))]),
        ),
      ),
    ],
    [
      'streams that make us reset',
      Buffer.concat(
        Array.from({ length: limits.http2ResetsMax + 10 }, (_, i) =>
          Buffer.concat([headers(i * 2 + 1, getFields(), 0), frame(type.windowUpdate, 0, i * 2 + 1, uint32(0))]),
        ),
      ),
    ],
    [
      'more streams than may be open',
      Buffer.concat(
        Array.from({ length: limits.http2StreamsMax + limits.http2ResetsMax + 10 }, (_, i) =>
          headers(i * 2 + 1, getFields()),
        ),
      ),
    ],
  ])('with %s is cut off', async (_with, bytes) => {
    const { port, refused } = await start()
    const client = await open(port)
    client.send(bytes)
    await client.until((frames) => frames.some((got) => got.type === type.goAway))
    const last = client.frames.find((got) => got.type === type.goAway)
    expect(last?.payload.readUInt32BE(4)).toBe(11)
    await client.until(() => client.isClosed())
    expect(refused.at(-1)?.code).toBe('REQUEST_MALFORMED')
  })

  it('with few bytes that stand for many is refused, at little cost', async () => {
    const { port, served } = await start()
    const client = await open(port)
    const entry = Buffer.concat([Buffer.from([0x40]), block([['x', 'v'.repeat(3_900)]]).subarray(1)])
    const bomb = Buffer.concat([block(getFields()), entry, Buffer.alloc(10_000, 0xbe)])
    client.send(frame(type.headers, END_STREAM | END_HEADERS, 1, bomb))
    await client.until((frames) => verdictOf(frames) !== 'none')
    expect([verdictOf(client.frames), served.length]).toEqual(['reset 1 11', 0])
  })

  it('and does not take the answers is cut off when they pile up', () => {
    const socket = stubSocket({})
    const refused: Problem[] = []
    acceptHttp2(socket, { serve() {}, refused: (problem) => void refused.push(problem) })
    const answersMax = limits.http2ControlBytesMax / ping.length
    socket.emit('data', Buffer.concat([preface, frame(type.settings, 0, 0), headers(1, getFields(), 0)]))
    // Content goes over it too, or it would be too many frames that carry nothing.
    for (let i = 0; i < answersMax - 10; i++) socket.emit('data', Buffer.concat([frame(type.data, 0, 1, 'x'), ping]))
    expect(refused).toEqual([])
    for (let i = 0; i < 20; i++) socket.emit('data', Buffer.concat([frame(type.data, 0, 1, 'x'), ping]))
    expect(refused.map(({ detail }) => detail)).toEqual(['HTTP/2: answers to control frames pile up'])
    socket.emit('close')
  })

  it('is not one that measures the way while content goes over it', async () => {
    const { port, served } = await start(answersItself)
    const client = await open(port)
    client.send(headers(1, getFields(), 0))
    const answers = () => client.frames.filter((got) => got.type === type.ping).length
    for (let round = 1; round <= 12; round++) {
      for (let i = 0; i < 200; i++) client.send(frame(type.data, 0, 1, 'x'), ping)
      await waitFor(() => answers() === round * 200)
    }
    client.send(frame(type.data, END_STREAM, 1, 'x'))
    await waitFor(() => served[0]?.ended ?? false)
    expect(12 * 200).toBeGreaterThan(limits.http2IdleFramesMax)
  })

  it('is not one that measures the way while an answer goes over it', async () => {
    const { port } = await start(({ socket }) => {
      socket.write(whole('y'.repeat(40_000_000)))
      socket.end()
    })
    const client = await open(port, frame(type.settings, 0, 0, Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff])))
    client.send(frame(type.windowUpdate, 0, 0, uint32(0x7000_0000)), headers(1, getFields()))
    const count = (kind: number) => client.frames.filter((got) => got.type === kind).length
    for (let round = 1; round <= 12; round++) {
      client.send(...Array.from({ length: 100 }, () => ping))
      await waitFor(() => count(type.ping) === round * 100)
    }
    await waitFor(() => client.frames.some((got) => got.type === type.data && got.flags === END_STREAM))
    expect(count(type.ping)).toBeGreaterThan(limits.http2IdleFramesMax)
  })

  it('with more requests than may run at once has the others refused, and they may be tried again', async () => {
    const { port, served } = await start()
    const client = await open(port)
    client.send(...Array.from({ length: limits.http2StreamsMax + 1 }, (_, i) => headers(i * 2 + 1, getFields())))
    await client.until((frames) => verdictOf(frames) !== 'none')
    expect([verdictOf(client.frames), served.length]).toEqual([`reset ${limits.http2StreamsMax * 2 + 1} 7`, 100])
  })
})

describe('a connection', () => {
  const padded = frame(type.data, 8, 1, Buffer.from([9, 1, 2]))
  it.each<[string, number, readonly Buffer[]]>([
    ['begins with something other than SETTINGS', 1, [headers(1, getFields())]],
    ['has more padding than content', 1, [frame(type.settings, 0, 0), headers(1, getFields(), 0), padded]],
    ['has a frame larger than allowed', 6, [frame(type.settings, 0, 0), frame(77, 0, 0, Buffer.alloc(16_385))]],
    ['has an index without an entry', 9, [frame(type.settings, 0, 0), frame(type.headers, 5, 1, Buffer.from([0xbe]))]],
    ['has the stream of a server', 1, [frame(type.settings, 0, 0), headers(2, getFields())]],
    ['has a stream again', 5, [frame(type.settings, 0, 0), headers(3, getFields()), headers(1, getFields())]],
  ])('that %s is ended', async (_why, code, frames) => {
    const { port } = await start()
    const client = await open(port, Buffer.concat(frames))
    await client.until((got) => got.some((one) => one.type === type.goAway))
    expect(verdictOf(client.frames)).toBe(`goaway ${code}`)
    await client.until(() => client.isClosed())
  })

  it('has one write under way: what Node queues it copies together, and no one wipes that', async () => {
    const callbacks: (() => void)[] = []
    const socket = stubSocket({ write: (_bytes: Buffer, callback: () => void) => callbacks.push(callback) > 0 })
    acceptHttp2(socket, { serve() {}, refused() {} })
    await turns()
    expect(callbacks).toHaveLength(1)
    socket.emit('data', Buffer.concat([preface, frame(type.settings, 0, 0)]))
    await turns()
    expect(callbacks).toHaveLength(1)
    callbacks[0]?.()
    await turns()
    expect(callbacks).toHaveLength(2)
    socket.emit('close')
  })
})

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('flow control', () => {
  it('holds a client to the window of a stream whose reader waits, and lets the other streams go on', async () => {
    const { port, served } = await start(answersItself)
    const client = await open(port)
    client.send(headers(1, getFields(), 0))
    await waitFor(() => served.length === 1)
    served[0]?.socket.pause()
    const window = limits.http2RequestWindowBytes
    client.send(...Array.from({ length: 3 }, () => frame(type.data, 0, 1, Buffer.alloc(16_384))))
    client.send(headers(3, getFields()))
    await waitFor(() => served[1]?.ended ?? false)
    expect(client.frames.filter((got) => got.type === type.windowUpdate && got.stream === 1)).toEqual([])
    served[0]?.socket.resume()
    await client.until((frames) => frames.some((got) => got.type === type.windowUpdate && got.stream === 1))
    // Past the window: what was given back, and one byte more.
    const given = client.frames
      .find((got) => got.type === type.windowUpdate && got.stream === 1)
      ?.payload.readUInt32BE(0)
    expect(given).toBe(3 * 16_384)
    served[0]?.socket.pause()
    let left = window + 1
    for (; left > 0; left -= 16_384) client.send(frame(type.data, 0, 1, Buffer.alloc(Math.min(16_384, left))))
    await client.until((frames) => verdictOf(frames) !== 'none')
    expect(verdictOf(client.frames)).toBe('reset 1 3')
  })

  it('sends no more of an answer than the client takes, and then the rest', async () => {
    const { port, served } = await start(({ socket }) => {
      socket.write(whole('y'.repeat(200_000)))
      socket.end()
    })
    const client = await open(port, frame(type.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 10])))
    client.send(headers(1, getFields()))
    const length = () =>
      client.frames.reduce((sum, got) => (got.type === type.data ? sum + got.payload.length : sum), 0)
    await waitFor(() => length() === 10)
    expect(served[0]?.socket.writableLength).toBe(200_000 - 10)
    // The stream's window grows by the setting (RFC 9113 §6.9.2), and is then past that of the connection.
    client.send(frame(type.settings, 0, 0, Buffer.from([0, 4, 0, 3, 0x0d, 0x40])))
    await waitFor(() => length() === 65_535)
    client.send(frame(type.windowUpdate, 0, 0, uint32(200_000)))
    await waitFor(() => length() === 200_000)
    expect(client.frames.filter((got) => got.type === type.data).at(-1)?.flags).toBe(END_STREAM)
    await waitFor(() => served[0]?.closed ?? false)
  })
})

describe('the end', () => {
  it('of the door comes after the running answers, and no request is taken any more', async () => {
    const { port, served, connections } = await start()
    const client = await open(port)
    client.send(headers(1, getFields()))
    await waitFor(() => served[0]?.ended ?? false)
    connections[0]?.end()
    client.send(headers(3, getFields()))
    await client.until((frames) => frames.some((got) => got.type === type.goAway))
    served[0]?.socket.write(whole('done'))
    served[0]?.socket.end()
    await client.until(() => client.isClosed())
    expect(served).toHaveLength(1)
    expect(client.frames.find((got) => got.type === type.data)?.payload.toString()).toBe('done')
  })

  it('of a client ends what runs for it', async () => {
    const { port, served } = await start()
    const client = await open(port)
    client.send(headers(1, getFields()), headers(3, getFields(), 0))
    await waitFor(() => served.length === 2)
    client.socket.destroy()
    await waitFor(() => served.every(({ closed }) => closed))
  })

  it('of an answer that broke off is a reset, and never the end of the stream', async () => {
    const { port } = await start(({ socket }) => {
      socket.write(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'))
      socket.destroy()
    })
    const client = await open(port)
    client.send(headers(1, getFields()))
    await client.until((frames) => verdictOf(frames) !== 'none')
    expect(verdictOf(client.frames)).toBe('reset 1 2')
    expect(client.frames.some(({ flags, type: kind }) => kind === type.data && (flags & END_STREAM) > 0)).toBe(false)
  })

  it('of an answer that came early gives back the rest of the request', async () => {
    const { port, served } = await start()
    const client = await open(port)
    client.send(headers(1, getFields(), 0), frame(type.data, 0, 1, 'part'))
    await waitFor(() => served[0]?.text.includes('part') ?? false)
    served[0]?.socket.write(whole('no'))
    served[0]?.socket.end()
    await client.until((frames) => verdictOf(frames) !== 'none')
    expect(verdictOf(client.frames)).toBe('reset 1 0')
    // What was on its way is not held against the client.
    client.send(frame(type.data, END_STREAM, 1, 'rest'), headers(3, getFields()))
    await waitFor(() => served[1]?.ended ?? false)
  })
})
