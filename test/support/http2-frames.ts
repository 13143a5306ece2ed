import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Frames byte by byte: what no well-behaved peer sends. Shares nothing with what it tests. */
export interface RawFrame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export const type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const
export const END_STREAM = 1
export const END_HEADERS = 4

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export function frame(kind: number, flags: number, stream: number, payload: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(payload as Uint8Array)
  const head = Buffer.alloc(9)
  head.writeUIntBE(bytes.length, 0, 3)
  head.writeUInt8(kind, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, bytes])
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

/** A field block of literals without a table (RFC 7541 §6.2.2). */
export function block(fields: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1')
    if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
    const rest = bytes.length - 127
    const more = []
    let left = rest
    for (; left >= 128; left >>>= 7) more.push((left & 127) | 128)
    return Buffer.concat([Buffer.from([127, ...more, left]), bytes])
  }
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

export const headers = (stream: number, fields: readonly (readonly [string, string])[], flags = END_STREAM): Buffer =>
  frame(type.headers, flags | END_HEADERS, stream, block(fields))

/** The pseudo fields of a GET, and others behind them. */
export const getFields = (...more: readonly (readonly [string, string])[]): (readonly [string, string])[] => [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/'],
  [':authority', 'ledger.test'],
  ...more,
]

/** Takes bytes in, gives whole frames. */
export function collectFrames(socket: Socket, skip = 0): RawFrame[] {
  const frames: RawFrame[] = []
  let input: Buffer = Buffer.alloc(0)
  let toSkip = skip
  socket.on('data', (chunk: Buffer) => {
    input = Buffer.concat([input, chunk])
    if (toSkip > 0 && input.length >= toSkip) {
      input = input.subarray(toSkip)
      toSkip = 0
    }
    while (toSkip === 0 && input.length >= 9 && input.length >= 9 + input.readUIntBE(0, 3)) {
      const end = 9 + input.readUIntBE(0, 3)
      frames.push({
        type: input.readUInt8(3),
        flags: input.readUInt8(4),
        stream: input.readUInt32BE(5),
        payload: input.subarray(9, end),
      })
      input = input.subarray(end)
    }
  })
  return frames
}

export interface RawClient {
  readonly socket: Socket
  readonly frames: RawFrame[]
  send(...frames: readonly Uint8Array[]): void
  /** Waits for a frame, or for the end. */
  until(holds: (frames: readonly RawFrame[]) => boolean): Promise<void>
  readonly isClosed: () => boolean
}

/** Connects in plain to `port`, preface and empty SETTINGS sent. */
export async function openRawClient(
  port: number,
  settings: Uint8Array = frame(type.settings, 0, 0),
): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const frames = collectFrames(socket)
  let isClosed = false
  socket.on('close', () => {
    isClosed = true
  })
  socket.on('end', () => {
    isClosed = true
  })
  socket.on('error', () => {})
  socket.write(Buffer.concat([preface, settings]))
  return {
    socket,
    frames,
    isClosed: () => isClosed,
    send(...sent) {
      if (!socket.destroyed) socket.write(Buffer.concat(sent))
    },
    async until(holds) {
      const end = Date.now() + 5_000
      while (!holds(frames) && !isClosed) {
        if (Date.now() > end)
          throw new Error(`not within 5 s: ${JSON.stringify(frames.map((f) => [f.type, f.stream]))}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

/** The code of the first RST_STREAM or GOAWAY, as text. */
export function verdictOf(frames: readonly RawFrame[]): string {
  for (const { type: kind, payload, stream } of frames) {
    if (kind === type.reset) return `reset ${stream} ${payload.readUInt32BE(0)}`
    if (kind === type.goAway) return `goaway ${payload.readUInt32BE(4)}`
  }
  return 'none'
}
