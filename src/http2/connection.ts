import type { Socket } from 'node:net'
import { limits } from '../limits.ts'
import { wipe } from '../secret/masked.ts'
import { createBudget } from './budget.ts'
import {
  createFrameReader,
  errorCode,
  flag,
  frameHeadBytes,
  framePayloadMax,
  frameType,
  type Http2Error,
  putFrameHead,
  putUint32,
  windowFirst,
  windowMax,
} from './frames.ts'
import { createHpackDecoder, type FieldBlock, wipeBlock } from './hpack.ts'
import { secretBuffer } from './secret-buffer.ts'

/** What the two sides of HTTP/2 do each in its own way. Streams are known by their numbers. */
export interface Role {
  readonly side: 'server' | 'client'
  /** A stream's field section, lent for the call. */
  fields(stream: number, block: FieldBlock, isEnd: boolean): void
  /** Content, lent for the call; `flow` bytes count against the stream's window. */
  data(stream: number, bytes: Buffer, start: number, end: number, flow: number, isEnd: boolean): void
  reset(stream: number, code: number): void
  /** Whether a frame may name the stream: it was opened before. */
  knows(stream: number): boolean
  /** The peer takes `by` more bytes on the stream, or on all that are open (0). False: past what a window can be. */
  widen(stream: number, by: number): boolean
  /** The peer opens no stream, and serves none above `last`. */
  goneAway(last: number): void
  /** Room that the next head needs to be written, or 0. */
  headBytes(): number
  /** Writes frames that are ready to `into` from `at`, and returns the end. */
  fill(into: Uint8Array, at: number): number
  /** Nothing more comes and nothing more can be sent; told once. `detail` where the peer broke the protocol. */
  over(detail: string | undefined): void
}

/** One HTTP/2 connection: its frames, its settings and windows, and the one write that is under way. */
export interface Connection {
  /** What the peer still takes on all streams together. */
  sendWindow: number
  /** What it takes on a stream that is new. */
  readonly streamWindow: number
  /** The peer has ended the connection, or it was failed. */
  readonly isOver: boolean
  /** Whether a field block has gone out: our first one says that we keep no table. */
  hasWrittenFields: boolean
  receive(bytes: Buffer, start: number, end: number): void
  /** Frames are ready to be written. */
  wake(): void
  /** Calls back, not before this turn's end, for bytes that `fill` has taken. */
  taken(callback: () => void): void
  reset(stream: number, code: Http2Error): void
  /** Lets the peer send as many bytes more on the stream. */
  allow(stream: number, bytes: number): void
  /** Says that no stream above `last` will be served, and with it the end, if `andEnd`. */
  goAway(last: number, code: Http2Error, andEnd: boolean): void
  /** The peer broke the protocol: says so, and ends. */
  fail(code: Http2Error, detail: string): void
  /** Drops what waits and wipes what was written. */
  close(): void
}

export interface ConnectionOptions {
  /** Bytes that come first: the preface and SETTINGS. */
  readonly opening: Uint8Array
  /** What we let the peer send on all streams together. */
  readonly receiveWindow: number
  /** The dynamic table that we let the peer keep once it has taken our settings. */
  readonly tableBytes?: number
  /** The highest stream that was served, for GOAWAY. */
  lastStream(): number
}

/** For one write: two frames of the largest payload, which TLS puts into as many records. */
const writeBytes = 2 * (framePayloadMax + frameHeadBytes)

/** Frames that carry nothing and are allowed for one that carries something. */
const idleFramesEarned = 2

export function openConnection(socket: Socket, role: Role, options: ConnectionOptions): Connection {
  const decoder = createHpackDecoder()
  const { receiveWindow } = options
  /** Frames that ask for something and carry nothing. */
  const idle = createBudget(limits.http2IdleFramesMax, limits.http2IdleFramesMax / 10)
  let received = 0
  let streamWindow = windowFirst
  let hasSettings = false
  let control = Buffer.alloc(64)
  let controlLength = 0
  let out: Buffer | undefined
  let isWriting = false
  let isScheduled = false
  let isOver = false
  let isClosed = false
  let endsAfter = false
  let callbacks: (() => void)[] = []
  /** A field block whose end has not come. */
  let blockStream = 0
  let blockEnds = false
  let blockBytes: Buffer | undefined
  let blockLength = 0
  let blockFrames = 0

  /** Room for a control frame of so many payload bytes, its head written; -1 when the peer takes no answers. */
  const putControl = (length: number, type: number, flags: number, stream: number): number => {
    if (isClosed) return -1
    const end = controlLength + frameHeadBytes + length
    if (end > limits.http2ControlBytesMax && type !== frameType.goAway) {
      // Asking, and not taking the answers.
      fail(errorCode.enhanceYourCalm, 'answers to control frames pile up')
      return -1
    }
    if (end > control.length) {
      const larger = Buffer.alloc(Math.max(end, control.length * 2))
      control.copy(larger, 0, 0, controlLength)
      control = larger
    }
    const at = putFrameHead(control, controlLength, length, type, flags, stream)
    controlLength = end
    wake()
    return at
  }

  const wake = (): void => {
    if (isScheduled || isWriting || isClosed) return
    isScheduled = true
    queueMicrotask(pump)
  }

  const pump = (): void => {
    isScheduled = false
    if (isWriting || isClosed) return
    const size = Math.max(writeBytes, controlLength + (isOver ? 0 : role.headBytes()))
    if (!out || out.length < size) out = secretBuffer(size)
    const buffer = out
    let end = control.copy(buffer, 0, 0, controlLength)
    controlLength = 0
    if (control.length > 1_024) control = Buffer.alloc(64)
    if (!isOver) {
      const filled = role.fill(buffer, end)
      // Clients measure the way with PING while content goes over it.
      if (filled > end) idle.earn(idleFramesEarned)
      end = filled
    }
    const done = callbacks
    callbacks = []
    if (end === 0) {
      if (endsAfter) socket.end()
    } else {
      isWriting = true
      // One write at a time: a second one would be queued by Node, and what is queued is copied together before TLS.
      socket.write(buffer.subarray(0, end), () => {
        wipe(buffer, 0, end)
        if (buffer.length > writeBytes && out === buffer) out = undefined
        isWriting = false
        wake()
      })
    }
    for (const callback of done) callback()
  }

  const fail = (code: Http2Error, detail: string): void => {
    if (isOver) return
    goAway(options.lastStream(), code, true)
    finish(detail)
  }

  const goAway = (last: number, code: Http2Error, andEnd: boolean): void => {
    const at = putControl(8, frameType.goAway, 0, 0)
    if (at >= 0) putUint32(control, putUint32(control, at, last), code)
    if (andEnd) endsAfter = true
  }

  const finish = (detail: string | undefined): void => {
    if (isOver) return
    isOver = true
    reader.stop()
    if (blockBytes) wipe(blockBytes)
    blockBytes = undefined
    role.over(detail)
  }

  const reset = (stream: number, code: Http2Error): void => {
    const at = putControl(4, frameType.reset, 0, stream)
    if (at >= 0) putUint32(control, at, code)
  }

  const allow = (stream: number, bytes: number): void => {
    const at = putControl(4, frameType.windowUpdate, 0, stream)
    if (at >= 0) putUint32(control, at, bytes)
  }

  const spendIdle = (): boolean => {
    if (idle.spend()) return true
    fail(errorCode.enhanceYourCalm, 'too many frames that carry nothing')
    return false
  }

  const onHeaders = (flags: number, stream: number, bytes: Buffer, start: number, end: number) => {
    if (stream === 0) return fail(errorCode.protocol, 'HEADERS outside a stream')
    let from = start
    let to = end
    if (flags & flag.padded) {
      to -= bytes[from++] ?? 0
      if (end - start < 1) return fail(errorCode.frameSize, 'a padded frame has no room for its padding')
    }
    if (flags & flag.priority) {
      if (to - from < 5) return fail(errorCode.frameSize, 'HEADERS has no room for its priority')
      // RFC 7540 §5.3.1; RFC 9113 lets a reader go by it still.
      if ((bytes.readUInt32BE(from) & windowMax) === stream)
        return fail(errorCode.protocol, 'a stream depends on itself')
      from += 5
    }
    if (to < from) return fail(errorCode.protocol, 'the padding is longer than its frame')
    blockEnds = (flags & flag.endStream) !== 0
    if (flags & flag.endHeaders) decode(stream, bytes, from, to)
    else {
      blockStream = stream
      blockFrames = 0
      blockLength = 0
      keep(bytes, from, to)
    }
  }

  /** Keeps a piece of a block until its end comes. */
  const keep = (bytes: Buffer, start: number, end: number) => {
    const length = blockLength + end - start
    // Empty ones count too (CVE-2024-27316).
    if (length > limits.headBytesMax || ++blockFrames > limits.http2ContinuationsMax)
      return fail(errorCode.enhanceYourCalm, 'a field block goes on for too long')
    if (!blockBytes || blockBytes.length < length) {
      const larger = secretBuffer(Math.max(length, framePayloadMax * 2))
      if (blockBytes) {
        blockBytes.copy(larger, 0, 0, blockLength)
        wipe(blockBytes)
      }
      blockBytes = larger
    }
    bytes.copy(blockBytes, blockLength, start, end)
    blockLength = length
  }

  const onContinuation = (flags: number, bytes: Buffer, start: number, end: number) => {
    keep(bytes, start, end)
    if (isOver || !(flags & flag.endHeaders)) return
    const stream = blockStream
    const whole = blockBytes
    blockStream = 0
    blockBytes = undefined
    if (!whole) return
    decode(stream, whole, 0, blockLength)
    wipe(whole)
  }

  const decode = (stream: number, bytes: Buffer, start: number, end: number): void => {
    const decoded = decoder.decode(bytes, start, end)
    if (typeof decoded === 'string') fail(errorCode.compression, decoded)
    else role.fields(stream, decoded, blockEnds)
    wipeBlock()
  }

  const onSettings = (flags: number, stream: number, bytes: Buffer, start: number, end: number) => {
    if (stream !== 0) return fail(errorCode.protocol, 'SETTINGS in a stream')
    if (flags & flag.ack) {
      if (end > start) return fail(errorCode.frameSize, 'an acknowledgement that says something')
      if (options.tableBytes !== undefined) decoder.limitTable(options.tableBytes)
      return
    }
    if ((end - start) % 6 !== 0) return fail(errorCode.frameSize, 'SETTINGS is cut short')
    if (hasSettings && !spendIdle()) return
    hasSettings = true
    for (let at = start; at < end; at += 6) {
      const problem = applySetting(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2))
      if (problem !== undefined) return fail(problem, 'a setting has a value that it cannot have')
    }
    putControl(0, frameType.settings, flag.ack, 0)
  }

  /** RFC 9113 §6.5.2. The sizes of frames and tables are not used: we send the smallest frames and keep no table. */
  const applySetting = (name: number, value: number): Http2Error | undefined => {
    if (name === 2) return value > 1 || (value === 1 && role.side === 'client') ? errorCode.protocol : undefined
    if (name === 5) return value < framePayloadMax || value > 0xff_ffff ? errorCode.protocol : undefined
    if (name !== 4) return undefined
    if (value > windowMax) return errorCode.flowControl
    const by = value - streamWindow
    streamWindow = value
    return role.widen(0, by) ? undefined : errorCode.flowControl
  }

  const onWindowUpdate = (stream: number, bytes: Buffer, start: number, end: number) => {
    if (end - start !== 4) return fail(errorCode.frameSize, 'WINDOW_UPDATE has another length than four')
    const by = bytes.readUInt32BE(start) & windowMax
    if (stream === 0) {
      if (by === 0) return fail(errorCode.protocol, 'WINDOW_UPDATE by nothing')
      connection.sendWindow += by
      if (connection.sendWindow > windowMax) return fail(errorCode.flowControl, 'a window past its largest size')
      role.widen(0, 0)
      wake()
      return
    }
    if (!role.knows(stream)) return fail(errorCode.protocol, 'WINDOW_UPDATE for a stream that is not open yet')
    if (by === 0) {
      if (!spendIdle()) return
      reset(stream, errorCode.protocol)
      role.reset(stream, errorCode.protocol)
    } else if (!role.widen(stream, by)) {
      reset(stream, errorCode.flowControl)
      role.reset(stream, errorCode.flowControl)
    } else wake()
  }

  const onFrame = (type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number) => {
    if (!hasSettings && (type !== frameType.settings || flags & flag.ack))
      return fail(errorCode.protocol, 'the first frame is not SETTINGS')
    if (blockStream !== 0 && (type !== frameType.continuation || stream !== blockStream))
      return fail(errorCode.protocol, 'another frame inside a field block')
    switch (type) {
      case frameType.headers:
        return onHeaders(flags, stream, bytes, start, end)
      case frameType.continuation: {
        if (blockStream === 0) return fail(errorCode.protocol, 'CONTINUATION of nothing')
        return onContinuation(flags, bytes, start, end)
      }
      case frameType.settings:
        return onSettings(flags, stream, bytes, start, end)
      case frameType.windowUpdate:
        return onWindowUpdate(stream, bytes, start, end)
      case frameType.reset: {
        if (end - start !== 4) return fail(errorCode.frameSize, 'RST_STREAM has another length than four')
        if (stream === 0 || !role.knows(stream))
          return fail(errorCode.protocol, 'RST_STREAM for a stream that is not open yet')
        return role.reset(stream, bytes.readUInt32BE(start))
      }
      case frameType.ping: {
        if (end - start !== 8) return fail(errorCode.frameSize, 'PING has another length than eight')
        if (stream !== 0) return fail(errorCode.protocol, 'PING in a stream')
        if (flags & flag.ack || !spendIdle()) return
        const at = putControl(8, frameType.ping, flag.ack, 0)
        if (at >= 0) bytes.copy(control, at, start, end)
        return
      }
      case frameType.goAway: {
        if (stream !== 0) return fail(errorCode.protocol, 'GOAWAY in a stream')
        if (end - start < 8) return fail(errorCode.frameSize, 'GOAWAY is cut short')
        if (spendIdle()) role.goneAway(bytes.readUInt32BE(start) & windowMax)
        return
      }
      case frameType.priority: {
        if (stream === 0) return fail(errorCode.protocol, 'PRIORITY outside a stream')
        if (end - start !== 5) return fail(errorCode.frameSize, 'PRIORITY has another length than five')
        if ((bytes.readUInt32BE(start) & windowMax) === stream)
          return fail(errorCode.protocol, 'a stream depends on itself')
        spendIdle()
        return
      }
      case frameType.push:
        return fail(errorCode.protocol, 'PUSH_PROMISE, which nobody asked for')
      default:
        // RFC 9113 §5.5: others are ignored.
        spendIdle()
    }
  }

  const reader = createFrameReader({
    frame: onFrame,
    data(stream, flags, bytes, start, end, flow, isLast) {
      if (!hasSettings) return fail(errorCode.protocol, 'the first frame is not SETTINGS')
      if (blockStream !== 0) return fail(errorCode.protocol, 'another frame inside a field block')
      if (stream === 0) return fail(errorCode.protocol, 'DATA outside a stream')
      if (!role.knows(stream)) return fail(errorCode.protocol, 'DATA for a stream that is not open yet')
      const isEnd = isLast && (flags & flag.endStream) !== 0
      if (isLast && end === start && !isEnd && !spendIdle()) return
      received += flow
      // At once: what is held is bounded for each stream, and one that waits must not stop the others.
      if (received >= receiveWindow / 2) {
        allow(0, received)
        received = 0
      }
      if (end > start) idle.earn(idleFramesEarned)
      role.data(stream, bytes, start, end, flow, isEnd)
    },
    fail: (code, detail) => fail(code, detail),
  })

  const connection: Connection = {
    sendWindow: windowFirst,
    get streamWindow() {
      return streamWindow
    },
    get isOver() {
      return isOver
    },
    hasWrittenFields: false,
    receive: (bytes, start, end) => reader.read(bytes, start, end),
    wake,
    taken: (callback) => void callbacks.push(callback),
    reset,
    allow,
    goAway,
    fail,
    close() {
      if (isClosed) return
      isClosed = true
      finish(undefined)
      if (out) wipe(out)
      decoder.close()
      const waiting = callbacks
      callbacks = []
      for (const callback of waiting) callback()
    },
  }

  control = Buffer.from(options.opening)
  controlLength = control.length
  if (receiveWindow > windowFirst) allow(0, receiveWindow - windowFirst)
  wake()
  return connection
}

/** A SETTINGS frame of `[name, value]` pairs. */
export function settingsFrame(...settings: readonly (readonly [name: number, value: number])[]): Buffer {
  const frame = Buffer.alloc(frameHeadBytes + settings.length * 6)
  let at = putFrameHead(frame, 0, settings.length * 6, frameType.settings, 0, 0)
  for (const [name, value] of settings) {
    at = frame.writeUInt16BE(name, at)
    at = putUint32(frame, at, value)
  }
  return frame
}
