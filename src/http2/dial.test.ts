import { once } from 'node:events'
import { createServer as createHttp2, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  block,
  collectFrames,
  END_HEADERS,
  END_STREAM,
  frame,
  headers,
  preface,
  type RawFrame,
  type,
  uint32,
} from '../../test/support/http2-frames.ts'
import { until } from '../../test/support/sallyport.ts'
import { stubSocket } from '../../test/support/stub-socket.ts'
import { limits } from '../limits.ts'
import { createProtocolSwitch } from './dial.ts'

/** The relay's end: what it got, and what it may do. */
interface Reader {
  readonly stream: Socket
  /** All that came as HTTP/1.1. */
  text: string
  /** Says whether more is wanted. */
  wants: (text: string) => boolean
  ended: boolean
  error: Error | undefined
}

const servers: (Server | Http2Server)[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server | Http2Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A connection to `port`, HTTP/2 chosen. */
async function dial(port: number): Promise<Reader> {
  const buffers = [Buffer.alloc(4_096), Buffer.alloc(4_096)]
  let turn = 0
  const choice = createProtocolSwitch({
    buffer: () => buffers[turn % 2] as Buffer,
    callback(length, buffer) {
      reader.text += Buffer.from(buffer.buffer, buffer.byteOffset, length).toString('latin1')
      turn++
      return reader.wants(reader.text)
    },
  })
  const socket = connect({ port, host: '127.0.0.1', onread: choice.readInto as never })
  sockets.push(socket)
  await once(socket, 'connect')
  const stream = choice.http2(socket)
  const reader: Reader = { stream, text: '', wants: () => true, ended: false, error: undefined }
  stream.on('end', () => {
    reader.ended = true
  })
  stream.on('error', (error) => {
    reader.error = error
  })
  stream.on('close', () => {
    reader.ended = true
  })
  return reader
}

/** A peer that speaks frames: `respond` is called once for each of the client's frames. */
async function scripted(
  respond: (got: RawFrame, socket: Socket) => void,
): Promise<{ port: number; frames: RawFrame[]; send: (bytes: Buffer) => void }> {
  const all: RawFrame[] = []
  let peer: Socket | undefined
  const port = await listen(
    createServer((socket) => {
      sockets.push(socket)
      peer = socket
      socket.on('error', () => {})
      const frames = collectFrames(socket, preface.length)
      let seen = 0
      socket.write(frame(type.settings, 0, 0))
      socket.on('data', () => {
        for (; seen < frames.length; seen++) {
          const got = frames[seen] as RawFrame
          all.push(got)
          respond(got, socket)
        }
      })
    }),
  )
  return { port, frames: all, send: (bytes) => void peer?.write(bytes) }
}

/** Without the symbol under which Node lists what came never indexed. */
const plain = (fields: object) => Object.fromEntries(Object.entries(fields))
const waitFor = (holds: () => boolean) => until(holds, 5_000, () => 'not within 5 s')
const get = (target = '/', more = '') => Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ledger.test\r\n${more}\r\n`)
const status = (...more: readonly (readonly [string, string])[]) => [[':status', '200'] as const, ...more]

describe('an exchange with Node’s server', () => {
  it('gives the answer that it sent to the request that was asked, whatever their fields and content', async () => {
    let seen: unknown
    const answers: { fields: Record<string, string>; body: Buffer } = { fields: {}, body: Buffer.alloc(0) }
    const server = createHttp2()
    server.on('stream', (stream: ServerHttp2Stream, fields) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { ':method': method, ':path': path, ':authority': authority, ':scheme': _scheme, te, ...others } = fields
        seen = { method, path, authority, te, others: plain(others), body: Buffer.concat(chunks).toString('latin1') }
        stream.respond({ ':status': 201, ...answers.fields })
        stream.end(answers.body)
      })
    })
    const reader = await dial(await listen(server))
    const name = fc.constantFrom('x-a', 'x-b', 'accept', 'authorization', 'x-very-long-name-indeed')
    const value = fc.string({ unit: fc.constantFrom(...'ab!~ ,;=\\"'), maxLength: 300 }).map((text) => text.trim())
    const fields = fc.dictionary(name, value, { maxKeys: 5 })
    const content = fc.uint8Array({ maxLength: 100_000 })
    await fc.assert(
      fc.asyncProperty(fields, content, fields, content, async (asked, body, answered, answerBody) => {
        answers.fields = { ...answered, 'content-length': String(answerBody.length) }
        answers.body = Buffer.from(answerBody)
        reader.text = ''
        const lines = Object.entries(asked).map(([field, text]) => `${field.toUpperCase()}: ${text}\r\n`)
        reader.stream.write(
          Buffer.concat([
            Buffer.from(`POST /a?b HTTP/1.1\r\nHost: h:1\r\nContent-Length: ${body.length}\r\n${lines.join('')}\r\n`),
            body,
          ]),
        )
        const end = `\r\n\r\n${answers.body.toString('latin1')}`
        await waitFor(() => reader.text.endsWith(end))
        expect(seen).toEqual({
          method: 'POST',
          path: '/a?b',
          authority: 'h:1',
          te: 'trailers',
          others: { ...asked, 'content-length': String(body.length) },
          body: Buffer.from(body).toString('latin1'),
        })
        const [first, ...rest] = reader.text.slice(0, -end.length).split('\r\n')
        expect(first).toBe('HTTP/1.1 201 ')
        const { date: _date, ...got } = Object.fromEntries(rest.map((line) => line.split(': ', 2)))
        expect(got).toEqual(answers.fields)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('brings interim answers and trailers both ways', async () => {
    let trailers: unknown
    const server = createHttp2()
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.additionalHeaders({ ':status': 103, link: 'a' })
      stream.on('trailers', (got) => {
        trailers = plain(got)
      })
      stream.resume().on('end', () => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }))
        stream.end('abc')
      })
    })
    const reader = await dial(await listen(server))
    reader.stream.write(
      Buffer.from('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Check: 2\r\n\r\n'),
    )
    await waitFor(() => reader.text.includes('x-sum'))
    expect(trailers).toEqual({ 'x-check': '2' })
    expect(reader.text.replace(/date: .*\r\n/g, '')).toBe(
      'HTTP/1.1 103 \r\nlink: a\r\n\r\nHTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n',
    )
  })
})

describe('an answer', () => {
  it.each<[string, string, readonly Buffer[], string]>([
    ['without content', 'GET', [headers(1, status())], 'HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n'],
    [
      'to HEAD, with the length that it would have, its end behind it',
      'HEAD',
      [headers(1, status(['content-length', '5']), 0), frame(type.data, END_STREAM, 1)],
      'HTTP/1.1 200 \r\ncontent-length: 5\r\n\r\n',
    ],
    [
      '204',
      'GET',
      [
        headers(1, [
          [':status', '204'],
          ['content-length', '0'],
        ]),
      ],
      'HTTP/1.1 204 \r\n\r\n',
    ],
    [
      'of gRPC that is trailers alone',
      'GET',
      [headers(1, status(['grpc-status', '5']))],
      'HTTP/1.1 200 \r\ngrpc-status: 5\r\ncontent-length: 0\r\n\r\n',
    ],
    [
      'in padded frames',
      'GET',
      [headers(1, status(), 0), frame(type.data, 9, 1, Buffer.concat([Buffer.from([3]), Buffer.from('abc\0\0\0')]))],
      'HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ],
    [
      'with fields in more than one frame',
      'GET',
      [
        frame(type.headers, END_STREAM, 1, block(status(['x', 'y'])).subarray(0, 4)),
        frame(type.continuation, END_HEADERS, 1, block(status(['x', 'y'])).subarray(4)),
      ],
      'HTTP/1.1 200 \r\nx: y\r\ncontent-length: 0\r\n\r\n',
    ],
  ])('%s is given', async (_what, method, frames, expected) => {
    const { port } = await scripted((got, socket) => {
      if (got.type === type.headers) socket.write(Buffer.concat(frames))
    })
    const reader = await dial(port)
    reader.stream.write(Buffer.from(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`))
    await waitFor(() => reader.text.length >= expected.length)
    expect(reader.text).toBe(expected)
  })

  it.each<[string, readonly Buffer[]]>([
    ['has a name in upper case', [headers(1, status(['X', 'y']))]],
    ['has a line end in a value', [headers(1, status(['x', 'y\r\nz: 1']))]],
    ['has no status', [headers(1, [['x', 'y']])]],
    ['has two', [headers(1, [...status(), [':status', '200']])]],
    ['has a status of four digits', [headers(1, [[':status', '2000']])]],
    ['has a path', [headers(1, status([':path', '/']))]],
    ['switches protocols', [headers(1, [[':status', '101']], 0)]],
    ['is interim and ends', [headers(1, [[':status', '103']])]],
    ['frames itself', [headers(1, status(['transfer-encoding', 'chunked']))]],
    ['has two lengths', [headers(1, status(['content-length', '0'], ['content-length', '0']))]],
    ['is longer than it says', [headers(1, status(['content-length', '2']), 0), frame(type.data, 0, 1, 'abc')]],
    [
      'is shorter than it says',
      [headers(1, status(['content-length', '5']), 0), frame(type.data, END_STREAM, 1, 'abc')],
    ],
    ['has nothing of what it says', [headers(1, status(['content-length', '5']))]],
    ['has content before a head', [frame(type.data, 0, 1, 'abc')]],
    ['has content to no stream of ours', [frame(type.data, 0, 7, 'abc')]],
    ['answers what was not asked', [headers(3, status())]],
    ['has trailers that do not end it', [headers(1, status(), 0), headers(1, [['x', 'y']], 0)]],
    ['has a status among its trailers', [headers(1, status(), 0), headers(1, status())]],
    ['pushes', [frame(type.push, END_HEADERS, 1, Buffer.concat([uint32(2), block(status())]))]],
    [
      'asks for a table',
      [
        headers(1, status(), 0),
        frame(type.data, 0, 1),
        frame(type.settings, 1, 0),
        frame(type.headers, 5, 1, Buffer.from([0x3f, 0xe1, 0x01])),
      ],
    ],
    ['has a frame that is too large', [frame(type.headers, 5, 1, Buffer.alloc(16_385))]],
    [
      'goes on for too long',
      [frame(type.headers, 0, 1, block(status())), ...Array.from({ length: 40 }, () => frame(type.continuation, 0, 1))],
    ],
  ])('that %s is told as malformed', async (_why, frames) => {
    const { port } = await scripted((got, socket) => {
      if (got.type === type.headers) socket.write(Buffer.concat(frames))
    })
    const reader = await dial(port)
    reader.wants = () => false
    reader.stream.write(get())
    await waitFor(() => reader.ended || reader.error !== undefined || reader.stream.destroyed)
    reader.wants = () => true
    for (let i = 0; i < 50 && !reader.error; i++) {
      reader.stream.resume()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(reader.error).toMatchObject({ code: 'UPSTREAM_MALFORMED' })
  })

  it('that is reset in its middle is an error, and not an end', async () => {
    const { port } = await scripted((got, socket) => {
      if (got.type === type.headers)
        socket.write(
          Buffer.concat([headers(1, status(), 0), frame(type.data, 0, 1, 'abc'), frame(type.reset, 0, 1, uint32(0))]),
        )
    })
    const reader = await dial(port)
    reader.stream.write(get())
    await waitFor(() => reader.error !== undefined)
    expect(reader.text).toMatch(/3\r\nabc\r\n$/)
  })

  it('is not taken from memory faster than its reader reads', async () => {
    const { port, frames } = await scripted((got, socket) => {
      if (got.type === type.headers)
        socket.write(
          Buffer.concat([
            headers(1, status(), 0),
            ...Array.from({ length: 64 }, () => frame(type.data, 0, 1, Buffer.alloc(16_384, 'x'))),
          ]),
        )
    })
    const reader = await dial(port)
    reader.wants = () => false
    reader.stream.write(get())
    await waitFor(() => reader.text.length > 0)
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    // One buffer of the reader's: the rest is not allowed again.
    expect(reader.text.length).toBeLessThanOrEqual(4_096)
    expect(frames.filter((got) => got.type === type.windowUpdate && got.stream === 1)).toEqual([])
    reader.wants = () => true
    reader.stream.resume()
    await waitFor(() => (reader.text.match(/x/g) ?? []).length === 64 * 16_384)
    await waitFor(() => frames.some((got) => got.type === type.windowUpdate && got.stream === 1))
  })
})

it('an answer that is not taken stops the reading of the socket', () => {
  const socket = stubSocket({})
  const into = Buffer.alloc(1_000)
  const { readInto, http2 } = createProtocolSwitch({ buffer: () => into, callback: () => false })
  const stream = http2(socket)
  const give = (...frames: readonly Buffer[]) => {
    const bytes = Buffer.concat(frames)
    readInto.buffer().set(bytes)
    return readInto.callback(bytes.length, readInto.buffer())
  }
  stream.write(get())
  expect(give(frame(type.settings, 0, 0), headers(1, status(), 0))).toBe(true)
  const content = frame(type.data, 0, 1, Buffer.alloc(16_000))
  let reads = 1
  while (give(content) && reads < 100) reads++
  expect(reads).toBe(Math.ceil(limits.http2HeldAnswerBytesMax / 16_000))
  stream.destroy()
})

describe('one exchange after the other', () => {
  const answering = (got: RawFrame, socket: Socket) => {
    if (got.type === type.headers) socket.write(headers(got.stream, status(['content-length', '0']), 0))
  }

  it('goes over one connection, though the stream of the last has not ended yet', async () => {
    const { port, frames } = await scripted(answering)
    const reader = await dial(port)
    for (let i = 1; i <= 3; i++) {
      reader.stream.write(get(`/${i}`))
      await waitFor(() => reader.text.split('HTTP/1.1 200').length === i + 1)
    }
    expect(frames.filter((got) => got.type === type.headers).map(({ stream }) => stream)).toEqual([1, 3, 5])
    // The streams that nobody waits for are given up.
    expect(frames.filter((got) => got.type === type.reset).map(({ stream }) => stream)).toEqual([1, 3])
  })

  it('never takes the rest of a request for the next one', async () => {
    const { port, frames } = await scripted(answering)
    const reader = await dial(port)
    reader.stream.write(Buffer.from('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n'))
    await waitFor(() => reader.text.includes('200'))
    // The answer is there: what follows is still content, whatever it looks like.
    const head = get('/stolen')
    reader.stream.write(Buffer.concat([head, Buffer.alloc(60 - head.length, 'x')]))
    reader.stream.write(get('/next'))
    await waitFor(() => frames.filter((got) => got.type === type.headers).length === 2)
    expect(frames.map(({ payload }) => payload.toString('latin1')).join('')).not.toContain('/stolen')
    expect(
      frames
        .filter((got) => got.type === type.headers)
        .at(-1)
        ?.payload.toString('latin1'),
    ).toContain('/next')
  })

  it('ends before an answer when the peer goes away without looking at it', async () => {
    const { port } = await scripted((got, socket) => {
      if (got.type === type.headers) socket.write(frame(type.goAway, 0, 0, uint32(0, 0)))
    })
    const reader = await dial(port)
    reader.stream.write(get())
    await waitFor(() => reader.ended)
    expect([reader.text, reader.error]).toEqual(['', undefined])
  })

  it('comes to its end when the peer goes away after it, and is the last', async () => {
    const { port } = await scripted((got, socket) => {
      if (got.type === type.headers)
        socket.write(Buffer.concat([frame(type.goAway, 0, 0, uint32(1, 0)), headers(1, status(['x', 'y']))]))
    })
    const reader = await dial(port)
    reader.stream.write(get())
    await waitFor(() => reader.ended)
    expect([reader.text, reader.error]).toEqual(['HTTP/1.1 200 \r\nx: y\r\ncontent-length: 0\r\n\r\n', undefined])
  })
})

describe('a request', () => {
  const sent = async (text: string, settings: Buffer = frame(type.settings, 0, 0)) => {
    const { port, frames, send } = await scripted((got, socket) => {
      if (got.type === type.settings && (got.flags & 1) === 0) socket.write(settings)
    })
    const reader = await dial(port)
    await waitFor(() => frames.some((got) => got.type === type.settings && got.flags === 1))
    reader.stream.write(Buffer.from(text))
    await waitFor(() => frames.some((got) => got.type === type.headers))
    return { frames, send }
  }

  it('has every value as it is, never indexed, and none of what HTTP/1.1 alone says', async () => {
    const { frames } = await sent(
      'GET /p HTTP/1.1\r\nHost: h\r\nConnection: close\r\nKeep-Alive: 1\r\nX-Key: secret\r\nTE: gzip\r\n\r\n',
    )
    const { payload } = frames.find((got) => got.type === type.headers) as RawFrame
    expect(payload).toEqual(
      Buffer.concat([
        Buffer.from([0x20, 0x82, 0x87, 0x11, 1]),
        Buffer.from('h'),
        Buffer.from([0x14, 2]),
        Buffer.from('/p'),
        Buffer.from([0x10, 5]),
        Buffer.from('x-key'),
        Buffer.from([6]),
        Buffer.from('secret'),
        Buffer.from([0x10, 2]),
        Buffer.from('te'),
        Buffer.from([8]),
        Buffer.from('trailers'),
      ]),
    )
  })

  it('waits for the peer’s window with its content, and not with its end', async () => {
    const body = 'b'.repeat(10)
    const none = frame(type.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0]))
    const { frames, send } = await sent(
      `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\na\r\n${body}\r\n0\r\n\r\n`,
      none,
    )
    // Its answer is behind whatever was written before.
    send(frame(type.ping, 0, 0, 'abcdefgh'))
    await waitFor(() => frames.some((got) => got.type === type.ping))
    expect(frames.filter((got) => got.type === type.data)).toEqual([])
    send(frame(type.windowUpdate, 0, 1, uint32(10)))
    await waitFor(() => frames.some((got) => got.type === type.data && (got.flags & END_STREAM) > 0))
    expect(frames.filter((got) => got.type === type.data).map(({ payload }) => payload.toString())).toEqual([body])
  })

  it('with a head that is larger than a frame goes out in several', async () => {
    const long = 'v'.repeat(40_000)
    const { frames } = await sent(`GET / HTTP/1.1\r\nHost: h\r\nX: ${long}\r\n\r\n`)
    await waitFor(() => frames.some((got) => got.type === type.continuation && got.flags === END_HEADERS))
    const parts = frames.filter((got) => got.type === type.headers || got.type === type.continuation)
    expect(parts.map(({ flags, payload }) => [flags, payload.length <= 16_384])).toEqual([
      [END_STREAM, true],
      [0, true],
      [END_HEADERS, true],
    ])
    expect(Buffer.concat(parts.map(({ payload }) => payload)).toString('latin1')).toContain(long)
    expect(limits.headBytesMax).toBeGreaterThan(40_000)
  })
})
