import { lower } from '../http1/characters.ts'
import { copyBytes } from '../http1/copy-bytes.ts'
import { fieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import { put } from '../http1/write-head.ts'
import { flag, frameHeadBytes, framePayloadMax, frameType, putFrameHead } from './frames.ts'
import { putIndexed, putNameIndex, putNoTable, putStringLength } from './hpack.ts'
import { staticIndex, staticNames, staticStatus } from './static-table.ts'

const known = fieldNames(staticNames)
/** What says how an HTTP/1.1 connection goes on, or is said by HTTP/2 in another way (RFC 9113 §8.2.2). */
const dropped = fieldNames([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'host',
  'te',
  'http2-settings',
])
const te = Buffer.from('te')
const trailers = Buffer.from('trailers')
const CR = 13
const SP = 32
const TAB = 9
const COLON = 58

/** Upper bound of the frames that a field section takes which stands in so many bytes of HTTP/1.1. */
export function sectionBytesMax(textBytes: number): number {
  // `: ` and the line end give way to at most a type and two lengths of three bytes; a field takes at least four bytes.
  const block = textBytes * 2 + 64
  return block + frameHeadBytes * (Math.ceil(block / framePayloadMax) + 1)
}

/** HEADERS of a request (RFC 9113 §8.3.1). `isFirst` of its connection. Returns the end. */
export function putRequest(
  into: Uint8Array,
  start: number,
  head: Head,
  stream: number,
  isFirst: boolean,
  isEnd: boolean,
): number {
  const { bytes, places } = head
  let at = start + frameHeadBytes
  if (isFirst) at = putNoTable(into, at)
  if (head.method === 'GET') at = putIndexed(into, at, staticIndex.methodGet)
  else if (head.method === 'POST') at = putIndexed(into, at, staticIndex.methodPost)
  else {
    at = putNameIndex(into, at, staticIndex.methodGet)
    at = putString(into, at, bytes, head.targetStart - 1 - head.method.length, head.targetStart - 1)
  }
  at = putIndexed(into, at, staticIndex.schemeHttps)
  at = putNameIndex(into, at, staticIndex.authority)
  at = putString(into, at, bytes, places[head.host * 4 + 2] as number, places[head.host * 4 + 3] as number)
  at = putNameIndex(into, at, staticIndex.pathRoot)
  at = putString(into, at, bytes, head.targetStart, head.targetEnd)
  at = putFields(into, at, head)
  // What gRPC's servers ask for; trailers are passed on to whoever asked.
  at = putStringLength(into, putNameIndex(into, at, 0), te.length)
  at = putStringLength(into, put(into, at, te), trailers.length)
  at = put(into, at, trailers)
  return frameBlock(into, start, at, stream, isEnd)
}

/** HEADERS of an answer (RFC 9113 §8.3.2). Returns the end. */
export function putResponse(
  into: Uint8Array,
  start: number,
  head: Head,
  stream: number,
  isFirst: boolean,
  isEnd: boolean,
): number {
  let at = start + frameHeadBytes
  if (isFirst) at = putNoTable(into, at)
  const index = staticStatus(head.status)
  if (index > 0) at = putIndexed(into, at, index)
  else {
    at = putStringLength(into, putNameIndex(into, at, staticIndex.status), 3)
    into[at++] = 48 + Math.floor(head.status / 100)
    into[at++] = 48 + (Math.floor(head.status / 10) % 10)
    into[at++] = 48 + (head.status % 10)
  }
  at = putFields(into, at, head)
  return frameBlock(into, start, at, stream, isEnd)
}

/** HEADERS that end the stream, of trailer lines that are known to be well-formed. Returns the end. */
export function putTrailers(into: Uint8Array, start: number, lines: Uint8Array, stream: number): number {
  let at = start + frameHeadBytes
  let i = 0
  while (i < lines.length && lines[i] !== CR) {
    const nameStart = i
    while (lines[i] !== COLON) i++
    const nameEnd = i++
    let valueStart = i
    while (i < lines.length && lines[i] !== CR) i++
    let valueEnd = i
    while (valueStart < valueEnd && isBlank(lines[valueStart])) valueStart++
    while (valueEnd > valueStart && isBlank(lines[valueEnd - 1])) valueEnd--
    at = putField(into, at, lines, nameStart, nameEnd, valueStart, valueEnd)
    i += 2
  }
  return frameBlock(into, start, at, stream, true)
}

function putFields(into: Uint8Array, start: number, head: Head): number {
  const { bytes, places, fieldCount } = head
  let at = start
  for (let place = 0; place < fieldCount * 4; place += 4) {
    const [nameStart, nameEnd] = [places[place] as number, places[place + 1] as number]
    if (dropped.find(bytes, nameStart, nameEnd) >= 0) continue
    at = putField(into, at, bytes, nameStart, nameEnd, places[place + 2] as number, places[place + 3] as number)
  }
  return at
}

function putField(
  into: Uint8Array,
  start: number,
  bytes: Uint8Array,
  nameStart: number,
  nameEnd: number,
  valueStart: number,
  valueEnd: number,
): number {
  const index = known.find(bytes, nameStart, nameEnd) + 1
  let at = putNameIndex(into, start, index)
  if (index === 0) {
    at = putStringLength(into, at, nameEnd - nameStart)
    for (let i = nameStart; i < nameEnd; i++) into[at++] = lower[bytes[i] as number] as number
  }
  return putString(into, at, bytes, valueStart, valueEnd)
}

function putString(into: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): number {
  return copyBytes(bytes, start, end, into, putStringLength(into, at, end - start))
}

/** Puts frame heads before and into the block that begins one frame head behind `start`; returns the end. */
function frameBlock(into: Uint8Array, start: number, end: number, stream: number, isEnd: boolean): number {
  const first = start + frameHeadBytes
  const length = end - first
  const frames = Math.max(1, Math.ceil(length / framePayloadMax))
  for (let frame = frames - 1; frame >= 0; frame--) {
    const from = first + frame * framePayloadMax
    const to = Math.min(from + framePayloadMax, end)
    const shift = frame * frameHeadBytes
    if (shift > 0) into.copyWithin(from + shift, from, to)
    const flags = (frame === frames - 1 ? flag.endHeaders : 0) | (frame === 0 && isEnd ? flag.endStream : 0)
    const type = frame === 0 ? frameType.headers : frameType.continuation
    putFrameHead(into, from + shift - frameHeadBytes, to - from, type, flags, stream)
  }
  return end + (frames - 1) * frameHeadBytes
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === TAB
}
