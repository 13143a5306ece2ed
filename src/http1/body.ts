import { limits } from '../limits.ts'
import { secretBytes, wipe } from '../secret/masked.ts'
import { characters, isFieldValue, isHexDigit, isToken } from './characters.ts'
import { type FieldNames, fieldNames } from './field-names.ts'
import type { Framing } from './head.ts'

/** A trailer that would change framing, routing or authentication if a reader merged it (RFC 9110 §6.5.1). */
export const forbiddenTrailers = fieldNames(
  [
    'content-length',
    'transfer-encoding',
    'host',
    'connection',
    'upgrade',
    'trailer',
    'te',
    'expect',
    'content-encoding',
    'content-type',
    'content-range',
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
  ],
  { fold: true },
)

/** Where a body stands. One object is used again for each message of a connection. */
export interface Body {
  framing: Framing
  /** Bytes still to come of the body (`length`) or of the present chunk. */
  remaining: number
  done: boolean
  /** A sentence when the body is malformed; names no value. */
  problem: string
  state: ChunkState
  lineLength: number
  trailerLength: number
  /** Between these places of the buffer that was last advanced over stand trailer lines; equal where none do. */
  trailerStart: number
  trailerEnd: number
  /** The present trailer's name, as much of it as can matter. */
  readonly trailerName: Uint8Array
  nameLength: number
  /** Bytes of the trailer section's lines, each with its CR LF, where they are `kept`. */
  trailers: Uint8Array
  /** How many bytes of `trailers` are in use. */
  keptLength: number
  keepsTrailers: boolean
  forbidden: FieldNames
}

/** Takes a range of the buffer that holds content only, without chunk lines. */
export type ContentSink = (start: number, end: number) => void

const states = {
  size: 0,
  extension: 1,
  sizeLf: 2,
  data: 3,
  dataCr: 4,
  dataLf: 5,
  lineStart: 6,
  name: 7,
  value: 8,
  valueLf: 9,
  endLf: 10,
  extensionName: 11,
  extensionValueStart: 12,
  extensionValue: 13,
  extensionQuoted: 14,
  extensionEscaped: 15,
  extensionEnd: 16,
} as const
/** No name that is forbidden is as long. */
const trailerNameBytesMax = 128

type ChunkState = (typeof states)[keyof typeof states]

const CR = 13
const LF = 10
const QUOTE = 34
const SEMICOLON = 59
const EQUALS = 61
const BACKSLASH = 92

export function createBody(): Body {
  return {
    framing: 'none',
    remaining: 0,
    done: true,
    problem: '',
    state: states.size,
    lineLength: 0,
    trailerLength: 0,
    trailerStart: 0,
    trailerEnd: 0,
    trailerName: new Uint8Array(trailerNameBytesMax),
    nameLength: 0,
    trailers: noTrailers,
    keptLength: 0,
    keepsTrailers: false,
    forbidden: forbiddenTrailers,
  }
}

export function beginBody(
  body: Body,
  framing: Framing,
  length: number,
  forbidden: FieldNames = forbiddenTrailers,
): void {
  body.framing = framing
  body.remaining = framing === 'length' ? length : 0
  body.done = framing === 'none'
  body.problem = ''
  body.state = states.size
  body.lineLength = 0
  body.trailerLength = 0
  body.trailerStart = 0
  body.trailerEnd = 0
  forgetTrailers(body)
  body.keepsTrailers = false
  body.forbidden = forbidden
}

/**
 * Takes `bytes[start…end)` as the next bytes of the body and returns the place behind its last byte among them; sets
 * `done` at the body's end, or `problem` at the first byte that RFC 9112 §7.1 does not allow there. Chunk lines are
 * validated and belong to the body; `content`, where given, gets what stands between them.
 */
export function advanceBody(body: Body, bytes: Uint8Array, start: number, end: number, content?: ContentSink): number {
  if (body.done) return start
  if (body.framing === 'length') {
    const taken = Math.min(body.remaining, end - start)
    body.remaining -= taken
    body.done = body.remaining === 0
    if (taken > 0) content?.(start, start + taken)
    return start + taken
  }
  if (body.framing === 'close') {
    if (end > start) content?.(start, end)
    return end
  }
  return advanceChunked(body, bytes, start, end, content)
}

/**
 * `bytes[start…end)`, over which `body` was advanced last, without trailer lines. An intermediary may discard them (RFC
 * 9112 §7.1.2), and what Puma 5 makes of them depends on how they are cut into packets.
 */
export function withoutTrailers(body: Body, bytes: Buffer, start: number, end: number): Buffer {
  const { trailerStart, trailerEnd } = body
  if (body.framing !== 'chunked' || trailerEnd === trailerStart)
    return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
  return Buffer.concat([bytes.subarray(start, trailerStart), bytes.subarray(trailerEnd, end)])
}

/** Whether the next byte of the body is content, and not part of a chunk's line or of the trailers. */
export function isAtContent(body: Body): boolean {
  return body.framing !== 'chunked' || body.state === states.data
}

function advanceChunked(body: Body, bytes: Uint8Array, start: number, end: number, content?: ContentSink): number {
  let i = start
  body.trailerStart = start
  body.trailerEnd = start
  while (i < end) {
    const byte = bytes[i] as number
    switch (body.state) {
      case states.data: {
        const taken = Math.min(body.remaining, end - i)
        content?.(i, i + taken)
        i += taken
        body.remaining -= taken
        if (body.remaining === 0) body.state = states.dataCr
        continue
      }
      case states.size: {
        if ((characters[byte] as number) & isHexDigit) {
          // Thirteen digits stay exact in a double and are more than anybody sends.
          if (++body.lineLength > 13) return bad(body, i, 'a chunk size has more than thirteen digits')
          body.remaining = body.remaining * 16 + (byte <= 57 ? byte - 48 : (byte | 0x20) - 87)
        } else if (body.lineLength === 0) return bad(body, i, 'a chunk does not begin with its size')
        else if (byte === CR) body.state = states.sizeLf
        else if (byte === SEMICOLON) body.state = states.extension
        else return bad(body, i, 'a chunk size is followed by something other than an extension or the end of the line')
        break
      }
      case states.extension:
      case states.extensionName:
      case states.extensionValueStart:
      case states.extensionValue:
      case states.extensionQuoted:
      case states.extensionEscaped:
      case states.extensionEnd: {
        if (++body.lineLength > limits.chunkLineBytesMax)
          return bad(body, i, `a chunk extension is longer than ${limits.chunkLineBytesMax} bytes`)
        const state = afterExtension(body.state, byte)
        if (state === undefined) return bad(body, i, 'a chunk extension is not a name, or a name and a value')
        body.state = state
        break
      }
      case states.sizeLf: {
        if (byte !== LF) return bad(body, i, 'a chunk line holds a CR without LF')
        body.lineLength = 0
        body.state = body.remaining === 0 ? states.lineStart : states.data
        break
      }
      case states.dataCr: {
        if (byte !== CR) return bad(body, i, 'a chunk is longer than its size says')
        body.state = states.dataLf
        break
      }
      case states.dataLf: {
        if (byte !== LF) return bad(body, i, 'a chunk is not followed by CR LF')
        body.state = states.size
        break
      }
      default: {
        if (body.state !== states.endLf && !(body.state === states.lineStart && byte === CR)) {
          if (body.trailerEnd === start) body.trailerStart = i
          body.trailerEnd = i + 1
        }
        if (!advanceTrailer(body, byte)) return i
        if (body.done) return i + 1
      }
    }
    i++
  }
  return i
}

/**
 * RFC 9112 §7.1.1, without the white space that senders must not write: a reader for whom a quoted string goes past the
 * end of the line, or a name may be missing, would not find the chunk where we do. Undefined: not allowed there.
 */
function afterExtension(state: ChunkState, byte: number): ChunkState | undefined {
  const isPart = ((characters[byte] as number) & isToken) !== 0
  switch (state) {
    case states.extension:
      return isPart ? states.extensionName : undefined
    case states.extensionValueStart:
      if (byte === QUOTE) return states.extensionQuoted
      return isPart ? states.extensionValue : undefined
    case states.extensionQuoted:
      if (byte === QUOTE) return states.extensionEnd
      if (byte === BACKSLASH) return states.extensionEscaped
      return (characters[byte] as number) & isFieldValue ? state : undefined
    case states.extensionEscaped:
      return (characters[byte] as number) & isFieldValue ? states.extensionQuoted : undefined
    default:
      if (byte === CR) return states.sizeLf
      if (byte === SEMICOLON) return states.extension
      if (byte === EQUALS && state === states.extensionName) return states.extensionValueStart
      return isPart && state !== states.extensionEnd ? state : undefined
  }
}

const noTrailers = new Uint8Array(0)

/** What an upstream sends may be a key: it stands in memory that is wiped. */
function keepTrailer(body: Body, byte: number): void {
  if (body.keptLength === body.trailers.length) {
    const larger = secretBytes(Math.max(256, body.keptLength * 2))
    larger.set(body.trailers)
    wipe(body.trailers)
    body.trailers = larger
  }
  body.trailers[body.keptLength++] = byte
}

/** Wipes what was kept. */
export function forgetTrailers(body: Body): void {
  wipe(body.trailerName, 0, body.nameLength)
  body.nameLength = 0
  if (body.keptLength === 0) return
  wipe(body.trailers, 0, body.keptLength)
  body.trailers = noTrailers
  body.keptLength = 0
}

/** One byte of the trailer section; false with a problem where it is malformed or a field may not stand there. */
function advanceTrailer(body: Body, byte: number): boolean {
  if (++body.trailerLength > limits.trailerBytesMax)
    return refuse(body, `the trailers are longer than ${limits.trailerBytesMax} bytes`)
  if (body.keepsTrailers) keepTrailer(body, byte)
  switch (body.state) {
    case states.lineStart: {
      if (byte === CR) {
        body.state = states.endLf
        return true
      }
      body.nameLength = 0
      body.state = states.name
      return advanceTrailerName(body, byte)
    }
    case states.name:
      return advanceTrailerName(body, byte)
    case states.value: {
      if (byte === CR) body.state = states.valueLf
      else if (!((characters[byte] as number) & isFieldValue))
        return refuse(body, 'a trailer holds a control character')
      return true
    }
    case states.valueLf: {
      if (byte !== LF) return refuse(body, 'a trailer line holds a CR without LF')
      body.state = states.lineStart
      return true
    }
    default: {
      if (byte !== LF) return refuse(body, 'the trailers do not end with an empty line')
      body.done = true
      return true
    }
  }
}

function advanceTrailerName(body: Body, byte: number): boolean {
  if ((characters[byte] as number) & isToken) {
    if (body.nameLength < trailerNameBytesMax) body.trailerName[body.nameLength++] = byte
    return true
  }
  if (byte !== 0x3a || body.nameLength === 0)
    return refuse(body, 'a trailer name is not a token followed at once by a colon')
  if (body.forbidden.find(body.trailerName, 0, body.nameLength) >= 0)
    return refuse(body, 'a trailer has the name of a field that frames, routes or authenticates')
  body.state = states.value
  return true
}

function bad(body: Body, at: number, problem: string): number {
  body.problem = problem
  return at
}

function refuse(body: Body, problem: string): false {
  body.problem = problem
  return false
}
