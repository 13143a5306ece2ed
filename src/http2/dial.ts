import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'
import { createByteQueue } from './byte-queue.ts'
import { openConnection, type Role, settingsFrame } from './connection.ts'
import { errorCode, windowMax } from './frames.ts'
import type { FieldBlock } from './hpack.ts'
import {
  createOutgoing,
  dropOutgoing,
  dropPieces,
  fillOutgoing,
  headBytesOf,
  type Outgoing,
  writeOutgoing,
} from './outgoing.ts'
import { secretBuffer } from './secret-buffer.ts'
import { toResponseHead, toTrailerLines, wipeText } from './to-http1.ts'

/** How a connection hands over what it reads: as `onread` of Node's sockets. */
interface ReadInto {
  readonly buffer: () => Uint8Array
  /** False stops reading until `resume`. */
  readonly callback: (length: number, buffer: Uint8Array) => boolean
}

/** A reader for a connection whose protocol is only known after its handshake. */
export interface ProtocolSwitch {
  /** For the socket's `onread`. What comes before the choice is kept for it. */
  readonly readInto: ReadInto
  http1(socket: Socket): Socket
  /** A socket that takes requests and gives answers as HTTP/1.1, one after the other. */
  http2(socket: Socket): Socket
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const HEADER_TABLE_SIZE = 1
const ENABLE_PUSH = 2
const INITIAL_WINDOW_SIZE = 4
const MAX_HEADER_LIST_SIZE = 6
const opening = Buffer.concat([
  preface,
  settingsFrame(
    // An upstream that echoes a key would keep it in a table of ours.
    [HEADER_TABLE_SIZE, 0],
    [ENABLE_PUSH, 0],
    [INITIAL_WINDOW_SIZE, limits.http2AnswerWindowBytes],
    [MAX_HEADER_LIST_SIZE, limits.headBytesMax],
  ),
])
const readBufferBytes = 16_384
const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n')

export function createProtocolSwitch(target: ReadInto): ProtocolSwitch {
  const first = secretBytes(readBufferBytes)
  const early = createByteQueue(secretBuffer)
  let current: ReadInto = {
    buffer: () => first,
    callback(length, buffer) {
      early.push(buffer, 0, length)
      return true
    },
  }
  return {
    readInto: {
      buffer: () => current.buffer(),
      callback(length, buffer) {
        if (buffer !== first || current !== target) return current.callback(length, buffer)
        // The first read still comes into the buffer that was there before the choice.
        const isWanted = giveFrom(target, first, length)
        wipe(first)
        return isWanted
      },
    },
    http1(socket) {
      // What comes before a request is an answer to nothing.
      if (early.length > 0) socket.destroy()
      early.clear()
      current = target
      return socket
    },
    http2(socket) {
      const { stream, receive } = speakHttp2(socket, target)
      current = { buffer: () => first, callback: receive }
      for (let bytes = early.shift(); bytes; bytes = early.shift()) {
        receive(bytes.length, bytes)
        wipe(bytes)
      }
      return stream
    },
  }
}

/** Into the buffers of `reader`; false when it wants no more. */
function giveFrom(reader: ReadInto, bytes: Uint8Array, length: number): boolean {
  let isWanted = true
  for (let at = 0; at < length; ) {
    const into = reader.buffer()
    const taken = Math.min(into.length, length - at)
    into.set(bytes.subarray(at, at + taken))
    isWanted = reader.callback(taken, into)
    at += taken
  }
  return isWanted
}

/** An answer on its way back. */
interface Incoming {
  /** The stream whose answer it is. */
  stream: number
  phase: 'head' | 'content' | 'over'
  framing: 'none' | 'length' | 'chunked'
  remaining: number
  /** The head of an answer without content, until the stream's end has come. */
  held: Buffer | undefined
  /** Content bytes that the upstream has not been allowed again. */
  unacknowledged: number
}

/**
 * Speaks HTTP/2 on `socket` (TLS, after its handshake) as a client, one exchange at a time. Requests are written to the
 * returned stream as HTTP/1.1, heads in one piece; answers go to `target` as HTTP/1.1.
 */
function speakHttp2(
  socket: Socket,
  target: ReadInto,
): { stream: Socket; receive: (length: number, buffer: Uint8Array) => boolean } {
  const queue = createByteQueue(secretBuffer)
  let message: Outgoing | undefined
  let answer: Incoming | undefined
  /** An answer that was given whole, whose stream has not ended yet. */
  let trailing = 0
  let lastStream = -1
  let isGoingAway = false
  let isStopped = false
  let isReadingStopped = false
  let needsDrain = false
  /** Why no more comes: told when all that came before is given. */
  let end: { readonly error?: Error } | undefined
  let hasTold = false
  let into: Uint8Array | undefined
  let intoLength = 0

  const role: Role = {
    side: 'client',
    knows: (stream) => stream % 2 === 1 && stream <= lastStream,
    fields(number, block, isEnd) {
      if (answer?.stream === number && answer.phase !== 'over') {
        if (answer.phase === 'head') takeHead(answer, block, isEnd)
        else takeTrailers(answer, block, isEnd)
      } else if (number === trailing) {
        if (isEnd) trailing = 0
      } else if (!role.knows(number)) connection.fail(errorCode.protocol, 'an answer to nothing')
    },
    data(number, bytes, start, end, flow, isEnd) {
      if (answer?.stream === number && answer.phase !== 'over') takeContent(answer, bytes, start, end, flow, isEnd)
      else if (number === trailing) {
        if (end > start) malformed('content behind the end of the answer')
        else if (isEnd) trailing = 0
      }
    },
    reset(number) {
      if (number === trailing) trailing = 0
      if (answer?.stream !== number) return
      if (answer.phase !== 'over') over(new Error('the stream was reset'))
      else if (message?.stream === number) dropOutgoing(connection, message)
    },
    widen(number, by) {
      if (!message || (number !== 0 && number !== message.stream)) return true
      message.window += by
      return message.window <= windowMax
    },
    goneAway(last) {
      isGoingAway = true
      // An exchange above `last` was not looked at; another one may still come to its end.
      if (!answer || answer.phase === 'over' || answer.stream > last) over(undefined)
    },
    headBytes: () => (message ? headBytesOf(message) : 0),
    fill(bytes, start) {
      if (!message) return start
      const at = fillOutgoing(connection, message, bytes, start)
      if (message.problem !== '') over(new Error(message.problem))
      if (message.queued > 0 && connection.sendWindow > 0 && message.window > 0) connection.wake()
      if (needsDrain && message.queued === 0) {
        needsDrain = false
        connection.taken(() => stream.emit('drain'))
      }
      return at
    },
    over(detail) {
      over(detail === undefined ? undefined : new SallyportError('UPSTREAM_MALFORMED', `the upstream: ${detail}`))
    },
  }

  const connection = openConnection(socket, role, {
    opening,
    receiveWindow: limits.http2AnswerWindowBytes,
    tableBytes: 0,
    lastStream: () => 0,
  })

  const takeHead = (incoming: Incoming, block: FieldBlock, isEnd: boolean) => {
    if (block.isTooLarge) return malformed(`the head is larger than ${limits.headBytesMax} bytes`)
    const head = toResponseHead(block, isEnd, message?.method ?? '')
    if (typeof head === 'string') return malformed(head)
    if (head.status < 200) {
      give(head.text, 0, head.text.length)
      wipeText(head.text.length)
      return
    }
    incoming.phase = 'content'
    incoming.framing = head.framing
    incoming.remaining = head.length
    if (head.framing === 'none' && !isEnd) {
      incoming.held = secretBuffer(head.text.length)
      incoming.held.set(head.text)
    } else give(head.text, 0, head.text.length)
    wipeText(head.text.length)
    if (incoming.held) return
    if (isEnd || (head.framing === 'length' && head.length === 0)) answered(incoming, isEnd)
  }

  const takeTrailers = (incoming: Incoming, block: FieldBlock, isEnd: boolean) => {
    const lines = isEnd && !block.isTooLarge ? toTrailerLines(block) : 'trailers without the end of the stream'
    if (typeof lines === 'string') return malformed(lines)
    if (incoming.framing === 'length' && incoming.remaining > 0) return malformed(shorter)
    if (incoming.framing === 'chunked') {
      give(lastChunk, 0, lastChunk.length)
      give(lines, 0, lines.length)
    }
    wipeText(lines.length)
    answered(incoming, true)
  }

  const takeContent = (incoming: Incoming, bytes: Buffer, start: number, end: number, flow: number, isEnd: boolean) => {
    if (incoming.phase === 'head') return malformed('content before a head')
    incoming.unacknowledged += flow
    const length = end - start
    if (incoming.framing === 'none') {
      if (length > 0) return malformed('content where there is none')
    } else if (incoming.framing === 'length') {
      incoming.remaining -= length
      if (incoming.remaining < 0 || (isEnd && incoming.remaining > 0)) return malformed(shorter)
      give(bytes, start, end)
      if (incoming.remaining === 0) return answered(incoming, isEnd)
    } else if (length > 0) {
      const size = Buffer.from(`${length.toString(16)}\r\n`)
      give(size, 0, size.length)
      give(bytes, start, end)
      give(lineEnd, 0, 2)
    }
    if (isEnd) {
      if (incoming.framing === 'chunked') {
        give(lastChunk, 0, lastChunk.length)
        give(lineEnd, 0, 2)
      }
      answered(incoming, true)
    }
  }

  /** The whole answer is given, or waits to be taken. */
  const answered = (incoming: Incoming, isEnd: boolean): void => {
    if (incoming.held) {
      give(incoming.held, 0, incoming.held.length)
      wipe(incoming.held)
      incoming.held = undefined
    }
    incoming.phase = 'over'
    if (!isEnd) trailing = incoming.stream
    // Answered before the request was sent whole: the rest is not wanted.
    if (message && message.phase !== 'done') {
      connection.reset(incoming.stream, errorCode.cancel)
      dropOutgoing(connection, message)
    }
    if (isGoingAway) over(undefined)
  }

  const malformed = (detail: string): void => connection.fail(errorCode.protocol, detail)

  /** Gives bytes of an answer, or keeps them where the reader has stopped. */
  const give = (bytes: Uint8Array, start: number, end: number): void => {
    let at = start
    while (at < end && !isStopped && queue.length === 0) {
      if (!into) {
        into = target.buffer()
        intoLength = 0
      }
      const taken = Math.min(into.length - intoLength, end - at)
      into.set(bytes.subarray(at, at + taken), intoLength)
      intoLength += taken
      at += taken
      if (intoLength === into.length) flush()
    }
    if (at < end) queue.push(bytes, at, end)
  }

  /** Hands over what stands in the reader's buffer. */
  const flush = (): void => {
    if (!into) return
    const bytes = into
    into = undefined
    if (!target.callback(intoLength, bytes)) isStopped = true
  }

  const receive = (length: number, buffer: Uint8Array): boolean => {
    if (stream.destroyed) return false
    connection.receive(Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length), 0, length)
    wipe(buffer, 0, length)
    settle()
    isReadingStopped = queue.length > limits.http2HeldAnswerBytesMax
    return !isReadingStopped
  }

  /** After something came, or was taken. */
  const settle = (): void => {
    flush()
    if (queue.length > 0) return
    if (answer && answer.phase !== 'over' && answer.unacknowledged >= limits.http2AnswerWindowBytes / 2) {
      connection.allow(answer.stream, answer.unacknowledged)
      answer.unacknowledged = 0
    }
    if (end && !hasTold) tell(end)
  }

  /** The connection can serve no more. */
  const over = (error: Error | undefined): void => {
    end ??= error ? { error } : {}
    if (queue.length === 0 && !into) tell(end)
  }

  /** Not from inside a call of the reader's, and not before it listens. */
  const tell = ({ error }: { readonly error?: Error }): void => {
    if (hasTold) return
    hasTold = true
    setImmediate(() => {
      if (error) stream.emit('error', error)
      else stream.emit('end')
    })
  }

  const resume = (): void => {
    isStopped = false
    while (!isStopped && !stream.destroyed) {
      const bytes = queue.shift()
      if (!bytes) break
      let at = 0
      while (at < bytes.length && !isStopped) {
        into = target.buffer()
        intoLength = Math.min(into.length, bytes.length - at)
        into.set(bytes.subarray(at, at + intoLength))
        at += intoLength
        flush()
      }
      wipe(bytes, 0, at)
      if (at < bytes.length) queue.unshift(bytes.subarray(at))
    }
    settle()
    if (isReadingStopped && queue.length <= limits.http2HeldAnswerBytesMax) {
      isReadingStopped = false
      socket.resume()
    }
  }

  /** The message that bytes belong to: its own framing says where a request ends, and not how its answer went. */
  const messageFor = (): Outgoing => {
    if (message && message.phase === 'done' && message.queued === 0 && answer?.phase === 'over') message = undefined
    if (message) return message
    // The peer has had more than what an answer takes: whatever else comes of the old stream is not waited for.
    if (trailing > 0) connection.reset(trailing, errorCode.cancel)
    trailing = 0
    lastStream += 2
    message = createOutgoing(lastStream, connection.streamWindow, undefined)
    answer = { stream: lastStream, phase: 'head', framing: 'none', remaining: 0, held: undefined, unacknowledged: 0 }
    return message
  }

  const stream = new UpstreamStream(socket, {
    over,
    length: () => message?.queued ?? 0,
    write(bytes, callback) {
      const current = messageFor()
      writeOutgoing(current, bytes, callback)
      // At once, so that the next request is not taken for the rest of this one.
      if (current.isDropped) dropOutgoing(connection, current)
      connection.wake()
      needsDrain = current.queued >= limits.http2HeldAnswerBytesMax
      return !needsDrain
    },
    resume: () => queueMicrotask(resume),
    destroyed() {
      if (message) dropPieces(connection, message)
      connection.close()
      queue.clear()
    },
  })
  return { stream: stream as unknown as Socket, receive }
}

const shorter = 'the content has another length than Content-Length says'

interface StreamOwner {
  over(error: Error | undefined): void
  length(): number
  write(bytes: Buffer, callback: (() => void) | undefined): boolean
  resume(): void
  destroyed(): void
}

/** One exchange after the other as a socket: what relay/ uses of an upstream's. */
class UpstreamStream extends EventEmitter {
  destroyed = false
  readonly #socket: Socket
  readonly #owner: StreamOwner

  constructor(socket: Socket, owner: StreamOwner) {
    super()
    this.#socket = socket
    this.#owner = owner
    socket.on('end', () => owner.over(undefined))
    socket.on('error', (error) => owner.over(error))
    socket.on('close', () => owner.over(undefined))
    socket.on('timeout', () => this.emit('timeout'))
  }

  get writableLength(): number {
    return this.#owner.length()
  }

  write(bytes: Buffer, callback?: () => void): boolean {
    return this.destroyed ? false : this.#owner.write(bytes, callback)
  }

  end(): this {
    return this.destroy()
  }

  destroy(): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.#socket.destroy()
    this.#owner.destroyed()
    setImmediate(() => this.emit('close'))
    return this
  }

  resume(): this {
    this.#owner.resume()
    return this
  }

  setNoDelay(isWanted: boolean): this {
    this.#socket.setNoDelay(isWanted)
    return this
  }

  setTimeout(timeoutMs: number): this {
    this.#socket.setTimeout(timeoutMs)
    return this
  }
}
