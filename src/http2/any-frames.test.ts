import fc from 'fast-check'
import { expect, it } from 'vitest'
import { block, frame, getFields, headers, preface, type, uint32 } from '../../test/support/http2-frames.ts'
import { stubSocket } from '../../test/support/stub-socket.ts'
import { acceptHttp2 } from './accept.ts'
import { createProtocolSwitch } from './dial.ts'

const numRuns = Number(process.env.HTTP2_RUNS ?? 400)

/** Frames that are right, nearly right, or nothing at all. */
const stream = fc.constantFrom(0, 1, 1, 1, 2, 3, 5, 0x7fff_ffff)
const flags = fc.constantFrom(0, 1, 4, 5, 8, 9, 32, 37, 255)
const field = fc.constantFrom<readonly [string, string]>(
  ['x', 'y'],
  ['content-length', '3'],
  ['content-length', '0'],
  [':status', '200'],
  [':status', '204'],
  [':status', '103'],
  [':path', '/'],
  ['te', 'trailers'],
  ['cookie', 'a=b'],
  ['host', 'ledger.test'],
  ['trailer', 'x'],
)
const anyFrame = fc.oneof(
  fc.tuple(fc.nat(11), flags, stream, fc.uint8Array({ maxLength: 40 })).map((parts) => frame(...parts)),
  fc.tuple(stream, fc.array(field, { maxLength: 4 }), fc.constantFrom(0, 1)).map((parts) => headers(...parts)),
  fc.tuple(stream, fc.constantFrom(0, 1)).map(([number, flag]) => headers(number, getFields(), flag)),
  fc.tuple(stream, fc.constantFrom(0, 1), fc.string({ maxLength: 5 })).map(([s, f, t]) => frame(type.data, f, s, t)),
  fc.tuple(stream, fc.array(field, { maxLength: 3 })).map(([s, list]) => frame(type.headers, 1, s, block(list))),
  fc.tuple(stream, fc.array(field, { maxLength: 3 })).map(([s, list]) => frame(type.continuation, 4, s, block(list))),
  fc.tuple(stream, fc.constantFrom(0, 1, 10, 0x7fff_ffff)).map(([s, by]) => frame(type.windowUpdate, 0, s, uint32(by))),
  fc.tuple(stream, fc.nat(13)).map(([s, code]) => frame(type.reset, 0, s, uint32(code))),
  fc.tuple(fc.constantFrom(0, 1, 3), fc.nat(13)).map((numbers) => frame(type.goAway, 0, 0, uint32(...numbers))),
  fc.tuple(fc.nat(8), fc.constantFrom(0, 1, 100, 16_384, 0x7fff_ffff, 0xffff_ffff)).map(([name, value]) => {
    return frame(type.settings, 0, 0, Buffer.concat([Buffer.from([0, name]), uint32(value)]))
  }),
  fc.constant(frame(type.settings, 1, 0)),
)
const traffic = fc.tuple(
  fc.array(anyFrame, { maxLength: 25 }),
  fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }),
)

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) pieces.push(Buffer.from(bytes.subarray(at, at + size)))
    at += size
  }
  return pieces
}

/** Its writes are taken in the next turn, and counted. */
function takingSocket() {
  let written = 0
  return stubSocket({
    destroyed: false,
    written: () => written,
    write(bytes: Buffer, callback?: () => void) {
      written += bytes.length
      if (callback) setImmediate(callback)
      return true
    },
    destroy() {
      this.destroyed = true
    },
  })
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('no frames of a client make the server’s side throw, or write without bound', async () => {
  await fc.assert(
    fc.asyncProperty(traffic, fc.nat(6), async ([frames, sizes], mood) => {
      const socket = takingSocket()
      acceptHttp2(socket, {
        serve(served) {
          served.on('error', () => {})
          served.on('data', () => {
            if (mood === 1) served.pause()
            if (mood === 2) served.destroy()
            if (mood === 3) served.write(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc'))
            if (mood === 4) served.write(Buffer.from('nothing that is HTTP\r\n\r\n'))
          })
          served.on('end', () => {
            if (mood === 5) served.write(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na'))
            if (mood === 6) served.write(Buffer.from('HTTP/1.1 200 OK\r\n\r\nto the end'))
            served.end()
          })
        },
        refused() {},
      })
      const bytes = Buffer.concat([preface, frame(type.settings, 0, 0), ...frames])
      for (const piece of cut(bytes, sizes)) {
        socket.emit('data', piece)
        await turn()
      }
      await turn()
      socket.emit('close')
      await turn()
      expect(socket.written()).toBeLessThan(20_000)
    }),
    { numRuns },
  )
}, 600_000)

it('no frames of an upstream make the client’s side throw, or give what is no answer', async () => {
  await fc.assert(
    fc.asyncProperty(traffic, fc.boolean(), fc.boolean(), async ([frames, sizes], wants, hasBody) => {
      const socket = takingSocket()
      const into = Buffer.alloc(64)
      let text = ''
      const { readInto, http2 } = createProtocolSwitch({
        buffer: () => into,
        callback(length) {
          text += into.toString('latin1', 0, length)
          return wants
        },
      })
      const upstream = http2(socket)
      upstream.on('error', () => {})
      const fieldsOf = hasBody ? 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n' : 'GET / HTTP/1.1\r\nHost: h\r\n'
      upstream.write(Buffer.from(`${fieldsOf}\r\n`))
      for (const piece of cut(Buffer.concat([frame(type.settings, 0, 0), ...frames]), sizes)) {
        const buffer = readInto.buffer()
        for (let at = 0; at < piece.length; at += buffer.length) {
          const length = Math.min(buffer.length, piece.length - at)
          buffer.set(piece.subarray(at, at + length))
          readInto.callback(length, buffer)
        }
        upstream.resume()
        await turn()
      }
      if (hasBody) upstream.write(Buffer.from('hello'))
      await turn()
      upstream.destroy()
      await turn()
      expect(text).toMatch(/^(?:HTTP\/1\.1 \d{3} \r\n|$)/)
      expect(socket.written()).toBeLessThan(20_000)
    }),
    { numRuns },
  )
}, 600_000)
