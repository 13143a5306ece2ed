import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** What a server sent in answer to one request, read as leniently as any client would. */
export interface Answer {
  readonly status: number
  readonly reason: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Status line and fields as received. */
  readonly head: Buffer
  /** Without its framing and content coding; never more than the limit. */
  readonly body: Buffer
  /** `bounded`: there was more than we read. `cut`: the server ended before its own framing did. */
  readonly end: 'complete' | 'cut' | 'bounded' | 'timeout'
}

/** Bytes of the answer so far: grows by doubling, so that a server that sends byte by byte costs no more than one that does not. */
export interface Received {
  bytes: Buffer
  length: number
}

export interface AnswerLimits {
  readonly headBytesMax: number
  readonly bodyBytesMax: number
}

export type Progress = { state: 'more' } | { state: 'done'; answer: Answer } | { state: 'garbage' }

const statusLine = /^HTTP\/\d\.\d (\d{3})(?: ([^\r\n]{0,200}))?/

/**
 * Reads what is there. `ended` says why nothing more will come, if so. An answer that breaks the rules of HTTP is still
 * an answer: a strict reader would take an open door for a closed one. Only bytes without a status line are garbage.
 */
export function readAnswer(received: Received, limits: AnswerLimits, ended?: 'closed' | 'timeout'): Progress {
  const bytes = received.bytes.subarray(0, received.length)
  let start = 0
  for (;;) {
    const line = statusLine.exec(bytes.subarray(start, start + 256).toString('latin1'))
    if (!line) {
      const mayBecome =
        bytes.length - start < 16 && 'HTTP/'.startsWith(bytes.subarray(start, start + 5).toString('latin1'))
      return ended === undefined && mayBecome ? { state: 'more' } : { state: 'garbage' }
    }
    const end = headEnd(bytes, start, Math.min(bytes.length, start + limits.headBytesMax))
    if (end < 0) {
      const isHuge = bytes.length - start >= limits.headBytesMax
      if (!isHuge && ended === undefined) return { state: 'more' }
      const head = bytes.subarray(start, start + limits.headBytesMax)
      const why = isHuge ? 'bounded' : ended === 'timeout' ? 'timeout' : 'cut'
      return { state: 'done', answer: assemble(line, head, Buffer.alloc(0), why) }
    }
    const status = Number(line[1])
    // RFC 9110 §15.2: interim answers come before the one that counts.
    if (status >= 100 && status < 200 && status !== 101) {
      if (end > limits.headBytesMax) return { state: 'garbage' }
      start = end
      continue
    }
    return readBody(bytes, start, end, line, limits, ended)
  }
}

function readBody(
  bytes: Buffer,
  start: number,
  bodyStart: number,
  line: RegExpExecArray,
  limits: AnswerLimits,
  ended: 'closed' | 'timeout' | undefined,
): Progress {
  const head = bytes.subarray(start, bodyStart)
  const rest = bytes.subarray(bodyStart)
  const framed = unframe(line, head, rest)
  const body = framed.body.subarray(0, limits.bodyBytesMax)
  const done = (end: Answer['end']): Progress => ({ state: 'done', answer: assemble(line, head, body, end) })
  if (framed.isComplete) return done(framed.body.length > limits.bodyBytesMax ? 'bounded' : 'complete')
  if (rest.length >= limits.bodyBytesMax) return done('bounded')
  if (ended === 'timeout') return done('timeout')
  if (ended === 'closed') return done(framed.untilClose ? 'complete' : 'cut')
  return { state: 'more' }
}

function unframe(line: RegExpExecArray, head: Buffer, rest: Buffer) {
  const status = Number(line[1])
  if (status === 204 || status === 304 || status === 101)
    return { body: Buffer.alloc(0), isComplete: true, untilClose: false }
  const fields = fieldsOf(head)
  const encodings = valuesOf(fields, 'transfer-encoding').join(',').toLowerCase()
  if (encodings.includes('chunked')) return unchunk(rest)
  const length = Number(valuesOf(fields, 'content-length')[0] ?? Number.NaN)
  if (!Number.isSafeInteger(length) || length < 0) return { body: rest, isComplete: false, untilClose: true }
  return { body: rest.subarray(0, length), isComplete: rest.length >= length, untilClose: false }
}

/** RFC 9112 §7.1; where the framing is broken, the rest is taken as it is. */
function unchunk(rest: Buffer): { body: Buffer; isComplete: boolean; untilClose: boolean } {
  const parts: Buffer[] = []
  let at = 0
  const result = (isComplete: boolean) => ({ body: Buffer.concat(parts), isComplete, untilClose: false })
  while (at < rest.length) {
    const lineEnd = rest.indexOf(10, at)
    if (lineEnd < 0) break
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?\r?$/.exec(
      rest.subarray(at, Math.min(lineEnd, at + 4_096)).toString('latin1'),
    )
    if (!size) {
      parts.push(rest.subarray(at))
      return { body: Buffer.concat(parts), isComplete: false, untilClose: true }
    }
    const length = Number.parseInt(size[1] as string, 16)
    if (length === 0) return result(true)
    parts.push(rest.subarray(lineEnd + 1, lineEnd + 1 + length))
    at = lineEnd + 1 + length
    if (rest[at] === 13) at++
    if (rest[at] === 10) at++
  }
  return result(false)
}

/** Behind the empty line, which may be written with LF alone. */
function headEnd(bytes: Buffer, start: number, limit: number): number {
  for (let at = bytes.indexOf(10, start); at >= 0 && at < limit; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3
  }
  return -1
}

function assemble(line: RegExpExecArray, head: Buffer, body: Buffer, end: Answer['end']): Answer {
  const fields = fieldsOf(head)
  return { status: Number(line[1]), reason: line[2] ?? '', fields, head, body: decode(fields, body), end }
}

function fieldsOf(head: Buffer): [string, string][] {
  const fields: [string, string][] = []
  for (const text of head.toString('latin1').split(/\r?\n/).slice(1)) {
    const colon = text.indexOf(':')
    if (colon > 0) fields.push([text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()])
  }
  return fields
}

function valuesOf(fields: readonly (readonly [string, string])[], name: string): string[] {
  return fields.filter(([other]) => other === name).map(([, value]) => value)
}

/** The first value of a field, or the empty text. */
export function fieldOf(answer: Answer, name: string): string {
  return valuesOf(answer.fields, name)[0] ?? ''
}

const decodedBytesMax = 4_194_304

/** We ask for no coding; a server that codes all the same must not hide a leak, and a bomb must not fill the memory. */
function decode(fields: readonly (readonly [string, string])[], body: Buffer): Buffer {
  const coding = valuesOf(fields, 'content-encoding').join(',').toLowerCase()
  const options = { maxOutputLength: decodedBytesMax, finishFlush: 2 }
  try {
    if (coding.includes('gzip')) return gunzipSync(body, options)
    if (coding.includes('deflate')) return inflateSync(body, options)
    if (coding.includes('br')) return brotliDecompressSync(body, { maxOutputLength: decodedBytesMax })
  } catch {
    // Neither what it says nor short enough: read as it came.
  }
  return body
}
