import { advanceBody, type Body, beginBody, createBody, isAtContent } from '../http1/body.ts'
import { createHead, type Head, parseRequestHead, parseResponseHead } from '../http1/head.ts'
import type { Connection } from './connection.ts'
import { flag, frameHeadBytes, framePayloadMax, frameType, putFrameHead } from './frames.ts'
import { putRequest, putResponse, putTrailers, sectionBytesMax } from './from-http1.ts'

/** One HTTP/1.1 message on its way into the frames of a stream. */
export interface Outgoing {
  readonly stream: number
  /** Requests have none; answers: the method that they answer. */
  readonly answers: string | undefined
  /** What the peer takes on this stream. */
  window: number
  /** Written, and not yet taken. The bytes are the writer's until then. */
  readonly pieces: Piece[]
  /** Bytes in `pieces`. */
  queued: number
  phase: 'head' | 'content' | 'trailers' | 'done'
  readonly body: Body
  trailers: Buffer
  /** The writer has ended: the end of what has no other end. */
  hasEnded: boolean
  /** Nobody is to get it: it is only read, so that its end is known. */
  isDropped: boolean
  /** A sentence where it is no HTTP/1.1 message. */
  problem: string
  /** Requests: the method, once the head is written. */
  method: string
}

interface Piece {
  readonly bytes: Buffer
  at: number
  readonly callback: (() => void) | undefined
}

const nothing = Buffer.alloc(0)
const headEnd = Buffer.from('\r\n\r\n')
/** One for all: a head is parsed and written without a pause. */
const head: Head = createHead()

export function createOutgoing(stream: number, window: number, answers: string | undefined): Outgoing {
  return {
    stream,
    answers,
    window,
    pieces: [],
    queued: 0,
    phase: 'head',
    body: createBody(),
    trailers: nothing,
    hasEnded: false,
    isDropped: false,
    problem: '',
    method: '',
  }
}

/** Takes bytes of the message; `callback` when they are not needed any more. A head comes in one piece. */
export function writeOutgoing(message: Outgoing, bytes: Buffer, callback: (() => void) | undefined): void {
  message.pieces.push({ bytes, at: 0, callback })
  message.queued += bytes.length
}

/** Room that `fillOutgoing` needs to get on with a head or trailers; 0 where any room will do. */
export function headBytesOf(message: Outgoing): number {
  if (message.phase === 'trailers') return sectionBytesMax(message.trailers.length)
  if (message.phase !== 'head' || message.isDropped) return 0
  const [piece] = message.pieces
  return piece && piece.bytes.length > 0 ? sectionBytesMax(piece.bytes.indexOf(headEnd, piece.at) + 4 - piece.at) : 0
}

/** Writes frames of the message to `into` from `start`, as far as room and windows go; returns the end. */
export function fillOutgoing(connection: Connection, message: Outgoing, into: Uint8Array, start: number): number {
  let at = start
  while (message.problem === '') {
    const before = at
    const [piece] = message.pieces
    if (message.phase === 'trailers' && !message.isDropped) {
      at = fillTrailers(message, into, at)
      if (at === before) break
      continue
    }
    if (!piece) {
      if (message.hasEnded) at = fillEnd(message, into, at)
      break
    }
    const from = piece.at
    if (message.phase === 'head' && piece.bytes.length > 0) at = fillHead(connection, message, piece, into, at)
    else if (message.phase === 'content') at = fillContent(connection, message, piece, into, at)
    else piece.at = piece.bytes.length
    message.queued -= piece.at - from
    if (piece.at === piece.bytes.length) {
      message.pieces.shift()
      if (piece.callback) connection.taken(piece.callback)
    } else if (piece.at === from && at === before && message.phase !== 'trailers') break
  }
  if (message.problem !== '') dropPieces(connection, message)
  return at
}

/** Nobody is to get what is left of the message. */
export function dropOutgoing(connection: Connection, message: Outgoing): void {
  message.isDropped = true
  if (message.phase === 'trailers') message.phase = 'done'
  fillOutgoing(connection, message, nothing, 0)
}

/** Gives back what waits. */
export function dropPieces(connection: Connection, message: Outgoing): void {
  for (const { callback } of message.pieces.splice(0)) if (callback) connection.taken(callback)
  message.queued = 0
}

function fillHead(connection: Connection, message: Outgoing, piece: Piece, into: Uint8Array, start: number): number {
  const { bytes } = piece
  const { answers } = message
  const parsed =
    answers === undefined
      ? parseRequestHead(head, bytes, piece.at, bytes.length)
      : parseResponseHead(head, bytes, piece.at, bytes.length, answers)
  if (parsed !== 'head' || (answers === undefined && head.host < 0)) {
    message.problem = 'a head is not whole, or malformed'
    return start
  }
  if (!message.isDropped && into.length - start < sectionBytesMax(head.end - head.start)) return start
  piece.at = head.end
  const isInterim = answers !== undefined && head.status < 200
  const isEnd = head.framing === 'none' && !isInterim
  const put = answers === undefined ? putRequest : putResponse
  let at = start
  if (!message.isDropped) {
    at = put(into, start, head, message.stream, !connection.hasWrittenFields, isEnd)
    connection.hasWrittenFields = true
  }
  if (answers === undefined) message.method = head.method
  if (!isInterim) {
    beginBody(message.body, head.framing, head.length)
    message.phase = isEnd ? 'done' : 'content'
  }
  // No reference to bytes that are about to be wiped or used again.
  head.bytes = nothing
  return at
}

function fillContent(connection: Connection, message: Outgoing, piece: Piece, into: Uint8Array, start: number): number {
  const { body, isDropped } = message
  const { bytes } = piece
  const room = isDropped
    ? bytes.length
    : Math.min(into.length - start - frameHeadBytes, framePayloadMax, connection.sendWindow, message.window)
  const contentStart = start + frameHeadBytes
  let to = contentStart
  const copy = (from: number, end: number) => {
    if (isDropped) return
    into.set(bytes.subarray(from, end), to)
    to += end - from
  }
  const trailerBytes = body.trailerLength
  if (room > 0) piece.at = advanceBody(body, bytes, piece.at, Math.min(bytes.length, piece.at + room), copy)
  // What is no content needs no window, and the end may be in it.
  if (isDropped || into.length - start >= frameHeadBytes)
    while (piece.at < bytes.length && !body.done && body.problem === '' && !isAtContent(body))
      piece.at = advanceBody(body, bytes, piece.at, piece.at + 1)
  if (body.problem !== '') {
    message.problem = body.problem
    return start
  }
  const trailers = body.trailerLength - trailerBytes
  if (trailers > 0) message.trailers = Buffer.concat([message.trailers, bytes.subarray(piece.at - trailers, piece.at)])
  // Two bytes are the empty line alone.
  const hasTrailers = message.trailers.length > 2
  if (body.done) message.phase = hasTrailers && !isDropped ? 'trailers' : 'done'
  const length = to - contentStart
  const isEnd = body.done && !hasTrailers
  if (isDropped || (length === 0 && !isEnd)) return start
  connection.sendWindow -= length
  message.window -= length
  putFrameHead(into, start, length, frameType.data, isEnd ? flag.endStream : 0, message.stream)
  return to
}

function fillTrailers(message: Outgoing, into: Uint8Array, start: number): number {
  if (into.length - start < sectionBytesMax(message.trailers.length)) return start
  message.phase = 'done'
  return putTrailers(into, start, message.trailers, message.stream)
}

/** The writer has ended, and all that it wrote is gone: the end of the content, or a message that is not whole. */
function fillEnd(message: Outgoing, into: Uint8Array, start: number): number {
  if (message.phase === 'done') return start
  if (message.phase === 'content' && message.body.framing === 'close') {
    if (into.length - start < frameHeadBytes) return start
    message.phase = 'done'
    return putFrameHead(into, start, 0, frameType.data, flag.endStream, message.stream)
  }
  message.problem = 'the message ended before its end'
  return start
}
