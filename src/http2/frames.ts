import { wipe } from '../secret/masked.ts'
import { secretBuffer } from './secret-buffer.ts'

/** RFC 9113 §6. */
export const frameType = {
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

export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const

/** RFC 9113 §7. */
export const errorCode = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
  http11Required: 13,
} as const
export type Http2Error = (typeof errorCode)[keyof typeof errorCode]

export const frameHeadBytes = 9
/** The largest payload that every peer takes (RFC 9113 §4.2); we ask for no larger ones, and send none. */
export const framePayloadMax = 16_384
/** RFC 9113 §6.9.2: windows before anybody changes them. */
export const windowFirst = 65_535
export const windowMax = 0x7fff_ffff

/** Takes what a peer sends, frame by frame. */
export interface FrameSink {
  /** The whole payload of a frame that is not DATA; lent for the call. */
  frame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): void
  /**
   * A piece of a DATA frame, lent for the call: `start` to `end` is content, `flow` the bytes that count against the
   * windows (padding included). The last piece of a frame says so, and may be empty.
   */
  data(stream: number, flags: number, bytes: Buffer, start: number, end: number, flow: number, isLast: boolean): void
  fail(code: Http2Error, detail: string): void
}

export interface FrameReader {
  read(bytes: Buffer, start: number, end: number): void
  /** Reads no further. */
  stop(): void
}

export function createFrameReader(sink: FrameSink): FrameReader {
  const head = Buffer.alloc(frameHeadBytes)
  let headLength = 0
  let inFrame = false
  let type = 0
  let flags = 0
  let stream = 0
  /** Payload bytes to come. */
  let remaining = 0
  let padding = 0
  let needsPadLength = false
  /** The beginning of a payload that came in more than one read. */
  let partial: Buffer | undefined
  let partialLength = 0
  let stopped = false

  const begin = (bytes: Buffer, at: number): void => {
    remaining = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
    type = bytes[at + 3] as number
    flags = bytes[at + 4] as number
    stream = bytes.readUInt32BE(at + 5) & windowMax
    inFrame = true
    padding = 0
    needsPadLength = type === frameType.data && (flags & flag.padded) !== 0
    if (remaining > framePayloadMax) {
      stopped = true
      sink.fail(errorCode.frameSize, 'a frame is larger than allowed')
    } else if (needsPadLength && remaining === 0) {
      stopped = true
      sink.fail(errorCode.frameSize, 'a padded frame has no room for its padding')
    }
  }

  const readData = (bytes: Buffer, start: number, end: number): number => {
    let at = start
    if (needsPadLength && at < end) {
      padding = bytes[at++] as number
      remaining--
      needsPadLength = false
      if (padding > remaining) {
        stopped = true
        sink.fail(errorCode.protocol, 'the padding is longer than its frame')
        return at
      }
    }
    const content = Math.min(remaining - padding, end - at)
    const contentEnd = at + content
    remaining -= content
    const skipped = remaining <= padding ? Math.min(remaining, end - contentEnd) : 0
    remaining -= skipped
    padding -= skipped
    inFrame = remaining > 0
    sink.data(stream, flags, bytes, at, contentEnd, contentEnd - start + skipped, !inFrame)
    return contentEnd + skipped
  }

  const readWhole = (bytes: Buffer, start: number, end: number): number => {
    if (!partial && end - start >= remaining) {
      inFrame = false
      sink.frame(type, flags, stream, bytes, start, start + remaining)
      return start + remaining
    }
    partial ??= secretBuffer(remaining)
    const taken = Math.min(partial.length - partialLength, end - start)
    bytes.copy(partial, partialLength, start, start + taken)
    partialLength += taken
    if (partialLength === partial.length) {
      const whole = partial
      partial = undefined
      partialLength = 0
      inFrame = false
      sink.frame(type, flags, stream, whole, 0, whole.length)
      wipe(whole)
    }
    return start + taken
  }

  return {
    read(bytes, start, end) {
      let at = start
      while (!stopped && (at < end || (inFrame && remaining === 0))) {
        if (inFrame) {
          at = type === frameType.data ? readData(bytes, at, end) : readWhole(bytes, at, end)
        } else if (headLength === 0 && end - at >= frameHeadBytes) {
          begin(bytes, at)
          at += frameHeadBytes
        } else {
          const taken = Math.min(frameHeadBytes - headLength, end - at)
          bytes.copy(head, headLength, at, at + taken)
          headLength += taken
          at += taken
          if (headLength === frameHeadBytes) {
            headLength = 0
            begin(head, 0)
          }
        }
      }
    },
    stop() {
      stopped = true
      if (partial) wipe(partial)
      partial = undefined
    },
  }
}

/** Writes the nine bytes before a payload and returns the end. */
export function putFrameHead(
  into: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): number {
  into[at] = length >>> 16
  into[at + 1] = (length >>> 8) & 0xff
  into[at + 2] = length & 0xff
  into[at + 3] = type
  into[at + 4] = flags
  return putUint32(into, at + 5, stream)
}

export function putUint32(into: Uint8Array, at: number, value: number): number {
  into[at] = value >>> 24
  into[at + 1] = (value >>> 16) & 0xff
  into[at + 2] = (value >>> 8) & 0xff
  into[at + 3] = value & 0xff
  return at + 4
}
