import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Problem } from '../http1/problem.ts'
import { limits } from '../limits.ts'
import { createBudget } from './budget.ts'
import { type ByteQueue, createByteQueue } from './byte-queue.ts'
import { openConnection, type Role, settingsFrame } from './connection.ts'
import { errorCode, type Http2Error, windowFirst, windowMax } from './frames.ts'
import type { FieldBlock } from './hpack.ts'
import { createOutgoing, dropPieces, fillOutgoing, headBytesOf, type Outgoing, writeOutgoing } from './outgoing.ts'
import { toRequestHead, toTrailerLines } from './to-http1.ts'

export interface Http2Serving {
  /**
   * Serves one request: the socket gives it as HTTP/1.1, takes the answer as HTTP/1.1 and ends. It has what `serve` of
   * relay/ uses of a Socket, and nothing more.
   */
  serve(stream: Socket): void
  /** Told of each request that never became one. */
  refused(problem: Problem): void
}

/** RFC 9113 §3.4 */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const MAX_CONCURRENT_STREAMS = 3
const INITIAL_WINDOW_SIZE = 4
const MAX_HEADER_LIST_SIZE = 6
/** Resets of ours whose stream the client may not know of yet. */
const recentResetsMax = 200
/** Content that may be on its way to us, on all streams together. */
const receiveWindow = 1_048_576
const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n')

/**
 * Speaks HTTP/2 with the client on `socket` (TLS, after its handshake; ALPN h2). Each stream becomes an HTTP/1.1
 * exchange on a socket of its own. `end` takes no more requests, and closes when the running ones are answered.
 */
export function acceptHttp2(socket: Socket, serving: Http2Serving): { end(): void } {
  const streams = new Map<number, Stream>()
  /** Those with something to write, in the order of their turns. */
  const turns = new Set<Stream>()
  /** Those that got something in this read. */
  const touched = new Set<Stream>()
  const recentResets = new Set<number>()
  const resets = createBudget(limits.http2ResetsMax, limits.http2ResetsMax / 10)
  let lastStream = 0
  let isEnding = false
  let prefaceLength = 0
  let idleTimer: NodeJS.Timeout | undefined

  const role: Role = {
    side: 'server',
    knows: (stream) => stream % 2 === 1 && stream <= lastStream,
    fields(number, block, isEnd) {
      const stream = streams.get(number)
      if (stream) takeTrailers(stream, block, isEnd)
      else if (number % 2 === 0) connection.fail(errorCode.protocol, 'a client’s stream has an odd number')
      else if (number > lastStream) open(number, block, isEnd)
      else if (!recentResets.has(number)) connection.fail(errorCode.streamClosed, 'HEADERS for a stream that is closed')
    },
    data(number, bytes, start, end, flow, isEnd) {
      const stream = streams.get(number)
      if (stream && !stream.requestEnded) takeContent(stream, bytes, start, end, flow, isEnd)
      else if (!recentResets.has(number)) connection.fail(errorCode.streamClosed, 'DATA for a stream that is closed')
    },
    reset(number) {
      const stream = streams.get(number)
      if (!stream) return
      if (resets.spend()) close(stream)
      else connection.fail(errorCode.enhanceYourCalm, 'too many streams are opened and reset')
    },
    widen(number, by) {
      const open = number === 0 ? streams.values() : [streams.get(number)]
      for (const stream of open) {
        if (!stream) continue
        stream.answer.window += by
        if (stream.answer.window > windowMax) return false
        if (stream.answer.queued > 0) turns.add(stream)
      }
      return true
    },
    goneAway() {
      isEnding = true
      endWhenIdle()
    },
    headBytes() {
      for (const { answer } of turns) return headBytesOf(answer)
      return 0
    },
    fill(into, start) {
      let at = start
      // Each once: whoever has more to write has its turn again behind the others.
      for (const stream of [...turns]) {
        turns.delete(stream)
        const before = stream.answer.queued
        const end = fillOutgoing(connection, stream.answer, into, at)
        const isBlocked = end === at && stream.answer.queued === before
        at = end
        if (stream.answer.problem !== '') reset(stream, errorCode.internal)
        else if (stream.answer.phase === 'done') answered(stream)
        else if (stream.answer.queued > 0 || stream.answer.phase === 'trailers' || stream.answer.hasEnded) {
          // A blocked one waits for a window, or for room in the next write.
          if (!isBlocked || (connection.sendWindow > 0 && stream.answer.window > 0)) turns.add(stream)
        } else stream.drained()
      }
      return at
    },
    over(detail) {
      for (const stream of [...streams.values()]) close(stream)
      if (detail === undefined) return
      serving.refused({ code: 'REQUEST_MALFORMED', detail: `HTTP/2: ${detail}` })
      setTimeout(() => socket.destroy(), limits.drainTimeoutMs).unref()
    },
  }

  const connection = openConnection(socket, role, {
    opening: settingsFrame(
      [MAX_CONCURRENT_STREAMS, limits.http2StreamsMax],
      [INITIAL_WINDOW_SIZE, limits.http2RequestWindowBytes],
      [MAX_HEADER_LIST_SIZE, limits.headBytesMax],
    ),
    receiveWindow,
    lastStream: () => lastStream,
  })

  const open = (number: number, block: FieldBlock, isEnd: boolean) => {
    if (isEnding) return
    lastStream = number
    if (streams.size >= limits.http2StreamsMax) return refuse(number, errorCode.refusedStream)
    if (block.isTooLarge) {
      serving.refused({ code: 'REQUEST_TOO_LARGE', detail: `the head is larger than ${limits.headBytesMax} bytes` })
      return refuse(number, errorCode.enhanceYourCalm)
    }
    const head = toRequestHead(block, isEnd)
    if (typeof head === 'string') {
      serving.refused({ code: 'REQUEST_MALFORMED', detail: `HTTP/2: ${head}` })
      return refuse(number, errorCode.protocol)
    }
    if (head.method === 'CONNECT') {
      serving.refused({ code: 'REQUEST_UNSUPPORTED', detail: 'CONNECT inside HTTP/2' })
      return refuse(number, errorCode.http11Required)
    }
    const stream = new Stream(number, createOutgoing(number, connection.streamWindow, head.method), {
      wrote: (which) => {
        turns.add(which)
        connection.wake()
      },
      took: (which) => replenish(which),
      destroyed: (which) => reset(which, errorCode.internal),
    })
    stream.framing = head.framing
    stream.remaining = head.length
    stream.requestEnded = isEnd
    clearTimeout(idleTimer)
    streams.set(number, stream)
    stream.receive(head.text, 0, head.text.length)
    touched.add(stream)
    // It has the members of a socket that relay/serve.ts uses, and no others.
    serving.serve(stream as unknown as Socket)
  }

  const takeTrailers = (stream: Stream, block: FieldBlock, isEnd: boolean) => {
    if (stream.requestEnded) return connection.fail(errorCode.streamClosed, 'HEADERS after the end of a request')
    const lines = isEnd && !block.isTooLarge ? toTrailerLines(block) : 'trailers without the end of the stream'
    if (typeof lines === 'string') return malformed(stream, lines)
    if (stream.framing === 'length' && stream.remaining > 0) return malformed(stream, shorter)
    if (stream.framing === 'chunked') {
      stream.receive(lastChunk, 0, lastChunk.length)
      stream.receive(lines, 0, lines.length)
    }
    stream.requestEnded = true
    touched.add(stream)
  }

  const takeContent = (stream: Stream, bytes: Buffer, start: number, end: number, flow: number, isEnd: boolean) => {
    stream.unacknowledged += flow
    if (stream.unacknowledged > limits.http2RequestWindowBytes) {
      serving.refused({ code: 'REQUEST_MALFORMED', detail: 'HTTP/2: more content than the window takes' })
      return reset(stream, errorCode.flowControl)
    }
    touched.add(stream)
    const length = end - start
    if (stream.framing === 'length') {
      stream.remaining -= length
      if (stream.remaining < 0 || (isEnd && stream.remaining > 0)) return malformed(stream, shorter)
      stream.receive(bytes, start, end)
    } else if (length > 0) {
      const size = Buffer.from(`${length.toString(16)}\r\n`)
      stream.receive(size, 0, size.length)
      stream.receive(bytes, start, end)
      stream.receive(lineEnd, 0, 2)
    }
    if (!isEnd) return
    if (stream.framing === 'chunked') {
      stream.receive(lastChunk, 0, lastChunk.length)
      stream.receive(lineEnd, 0, 2)
    }
    stream.requestEnded = true
  }

  const malformed = (stream: Stream, detail: string): void => {
    serving.refused({ code: 'REQUEST_MALFORMED', detail: `HTTP/2: ${detail}` })
    reset(stream, errorCode.protocol)
  }

  /** The client may send again what was taken off its hands. */
  const replenish = (stream: Stream): void => {
    if (stream.requestEnded || stream.unacknowledged < limits.http2RequestWindowBytes / 2) return
    connection.allow(stream.number, stream.unacknowledged)
    stream.unacknowledged = 0
  }

  /** The whole answer is in frames. RFC 9113 §8.1: a request that is not whole is not needed any more. */
  const answered = (stream: Stream): void => {
    if (stream.requestEnded) close(stream)
    else reset(stream, errorCode.none)
  }

  const refuse = (number: number, code: Http2Error): void => {
    remember(number)
    // A client can make us reset as well as it can itself (CVE-2023-44487, CVE-2025-8671).
    if (resets.spend()) connection.reset(number, code)
    else connection.fail(errorCode.enhanceYourCalm, 'too many streams end in a reset')
  }

  const reset = (stream: Stream, code: Http2Error): void => {
    if (!streams.has(stream.number)) return
    close(stream)
    if (code === errorCode.none || code === errorCode.internal) {
      remember(stream.number)
      connection.reset(stream.number, code)
    } else refuse(stream.number, code)
  }

  const remember = (number: number): void => {
    recentResets.add(number)
    if (recentResets.size > recentResetsMax) recentResets.delete(recentResets.values().next().value as number)
  }

  const close = (stream: Stream): void => {
    if (!streams.delete(stream.number)) return
    turns.delete(stream)
    touched.delete(stream)
    dropPieces(connection, stream.answer)
    connection.wake()
    stream.closed()
    if (streams.size > 0) return
    idleTimer = setTimeout(idle, limits.idleTimeoutMs).unref()
    endWhenIdle()
  }

  const idle = (): void => {
    isEnding = true
    endWhenIdle()
  }

  const endWhenIdle = (): void => {
    if (!isEnding || streams.size > 0 || connection.isOver) return
    connection.goAway(lastStream, errorCode.none, true)
    setTimeout(() => socket.destroy(), limits.drainTimeoutMs).unref()
  }

  const receive = (bytes: Buffer): void => {
    let at = 0
    while (prefaceLength < preface.length && at < bytes.length) {
      if (bytes[at++] !== preface[prefaceLength++]) {
        connection.fail(errorCode.protocol, 'the connection does not begin with the preface')
        return
      }
    }
    connection.receive(bytes, at, bytes.length)
    // All that came of a stream in one read goes on in one piece.
    for (const stream of touched) {
      touched.delete(stream)
      stream.deliver()
    }
  }

  idleTimer = setTimeout(idle, limits.headTimeoutMs).unref()
  socket.setNoDelay(true)
  socket.on('data', receive)
  // Nobody is left to answer to.
  socket.on('end', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(idleTimer)
    connection.close()
  })
  return {
    end() {
      if (isEnding) return
      isEnding = true
      if (streams.size > 0) connection.goAway(lastStream, errorCode.none, false)
      endWhenIdle()
    },
  }
}

const shorter = 'the content has another length than Content-Length says'

interface StreamOwner {
  wrote(stream: Stream): void
  /** The reader took what was there. */
  took(stream: Stream): void
  destroyed(stream: Stream): void
}

/** One stream as a socket: what `serve` of relay/ uses of one. */
class Stream extends EventEmitter {
  readonly number: number
  readonly answer: Outgoing
  framing: 'none' | 'length' | 'chunked' = 'none'
  /** Content bytes that Content-Length still promises. */
  remaining = 0
  requestEnded = false
  /** Content bytes that the client has not been allowed again. */
  unacknowledged = 0
  destroyed = false
  timeout = 0
  readonly #owner: StreamOwner
  readonly #input: ByteQueue = createByteQueue(Buffer.allocUnsafe)
  #isPaused = false
  #hasToldEnd = false
  #needsDrain = false
  #timer: NodeJS.Timeout | undefined

  constructor(number: number, answer: Outgoing, owner: StreamOwner) {
    super()
    this.number = number
    this.answer = answer
    this.#owner = owner
  }

  get writableLength(): number {
    return this.answer.queued
  }

  receive(bytes: Buffer, start: number, end: number): void {
    this.#input.push(bytes, start, end)
  }

  /** Hands on what came, unless the reader has paused. */
  deliver(): void {
    this.#timer?.refresh()
    while (!this.#isPaused && !this.destroyed) {
      const bytes = this.#input.shift()
      if (!bytes) break
      this.emit('data', bytes)
    }
    if (this.#input.length > 0 || this.destroyed) return
    this.#owner.took(this)
    if (!this.requestEnded || this.#hasToldEnd) return
    this.#hasToldEnd = true
    this.emit('end')
  }

  drained(): void {
    if (!this.#needsDrain) return
    this.#needsDrain = false
    queueMicrotask(() => this.emit('drain'))
  }

  /** The stream is over, whichever way. */
  closed(): void {
    if (this.destroyed) return
    this.destroyed = true
    clearTimeout(this.#timer)
    this.#input.clear()
    // As with a real socket, not from inside the call that closed it.
    queueMicrotask(() => this.emit('close'))
  }

  write(bytes: Uint8Array | string, callback?: () => void): boolean {
    if (this.destroyed) {
      if (callback) queueMicrotask(callback)
      return false
    }
    this.#timer?.refresh()
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : asBuffer(bytes)
    writeOutgoing(this.answer, buffer, callback)
    this.#owner.wrote(this)
    this.#needsDrain = this.answer.queued >= windowFirst
    return !this.#needsDrain
  }

  end(): this {
    this.answer.hasEnded = true
    if (!this.destroyed) this.#owner.wrote(this)
    return this
  }

  destroy(): this {
    if (!this.destroyed) this.#owner.destroyed(this)
    return this
  }

  pause(): this {
    this.#isPaused = true
    return this
  }

  resume(): this {
    if (!this.#isPaused) return this
    this.#isPaused = false
    queueMicrotask(() => this.deliver())
    return this
  }

  isPaused(): boolean {
    return this.#isPaused
  }

  setNoDelay(): this {
    return this
  }

  setTimeout(timeoutMs: number): this {
    this.timeout = timeoutMs
    clearTimeout(this.#timer)
    this.#timer =
      timeoutMs > 0 && !this.destroyed ? setTimeout(() => this.emit('timeout'), timeoutMs).unref() : undefined
    return this
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
