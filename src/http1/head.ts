import { limits } from '../limits.ts'
import { characters, isDigit, isFieldValue, isReason, isTarget, isToken, latin1 } from './characters.ts'
import { fieldNames } from './field-names.ts'

/** How the end of a body is known (RFC 9112 §6). */
export type Framing = 'none' | 'length' | 'chunked' | 'close'

/**
 * A parsed head: places in the buffer that it was parsed from, valid as long as that buffer is. One object is used again
 * for each head of a connection.
 */
export interface Head {
  bytes: Buffer
  /** Where the head begins and where what follows it begins. */
  start: number
  end: number
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  minor: number
  /** Four numbers a field: name start and end, value start and end (without the white space around it). */
  places: Int32Array
  fieldCount: number
  /** One byte a field, for whoever decides which fields are copied. */
  marks: Uint8Array
  framing: Framing
  /** Body bytes where `framing` is `length`. */
  length: number
  /** Whether this side lets the connection live on. */
  keepAlive: boolean
  /**
   * Whether `Connection` lists `upgrade` and `Upgrade` is websocket alone (RFC 6455), the one protocol that is let
   * through; in requests, of a GET without a body.
   */
  upgrade: boolean
  /** Index of the field in `places` (in fields, not numbers), or -1. */
  host: number
  /** The first of them; there may be several (RFC 9110 §5.3). */
  connection: number
  connectionCount: number
  /** Whether a Connection field names a field of this connection, besides close, keep-alive and upgrade. */
  listsFields: boolean
  /** Whether a field has the name of one that frames, spelled with `_`: it is never copied (see `isLookalike`). */
  lookalikes: boolean
  /** Requests: upper-case as sent. */
  method: string
  targetStart: number
  targetEnd: number
  /** Responses. */
  status: number
  reasonStart: number
  reasonEnd: number
  /** A sentence when the parse failed. Names no value. */
  problem: string
}

/** Room for so many fields at first: nearly all heads have fewer, and there is a head for each open connection. */
const fieldsFirst = 32

export function createHead(): Head {
  return {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    minor: 1,
    places: new Int32Array(fieldsFirst * 4),
    marks: new Uint8Array(fieldsFirst),
    fieldCount: 0,
    framing: 'none',
    length: 0,
    keepAlive: true,
    upgrade: false,
    host: -1,
    connection: -1,
    connectionCount: 0,
    listsFields: false,
    lookalikes: false,
    method: '',
    targetStart: 0,
    targetEnd: 0,
    status: 0,
    reasonStart: 0,
    reasonEnd: 0,
    problem: '',
  }
}

/** What a parse says: a head is there, more bytes are needed, or `head.problem` says what is wrong. */
export type Parsed = 'head' | 'more' | 'malformed' | 'too large'

const CR = 13
const LF = 10
const SP = 32
const TAB = 9
const COLON = 58
const headEnd = Buffer.from('\r\n\r\n')

/** Fields that say where a message ends or whether the connection lives; the numbers are indices of this list. */
const framingFields = fieldNames(['content-length', 'transfer-encoding', 'host', 'connection', 'upgrade', 'expect'], {
  fold: true,
})

/**
 * Parses a request head from `bytes[start…end)` (RFC 9112 §2–6, strictly: a form that two readers could read
 * differently is malformed). On 'head', `head` holds places in `bytes`.
 */
export function parseRequestHead(head: Head, bytes: Buffer, start: number, end: number): Parsed {
  // RFC 9112 §2.2: one empty line before a request line is ignored.
  const from = end - start >= 2 && bytes[start] === CR && bytes[start + 1] === LF ? start + 2 : start
  const last = findEnd(head, bytes, from, end)
  if (typeof last === 'string') return last
  const at = parseRequestLine(head, bytes, from, last)
  if (at < 0 || !parseFields(head, bytes, at, last)) return 'malformed'
  return frameRequest(head) ? 'head' : 'malformed'
}

/**
 * Parses a response head. `requestMethod` matters for the framing: an answer to HEAD has no body, one to CONNECT with
 * 2xx none either (RFC 9112 §6.3).
 */
export function parseResponseHead(
  head: Head,
  bytes: Buffer,
  start: number,
  end: number,
  requestMethod: string,
): Parsed {
  const last = findEnd(head, bytes, start, end)
  if (typeof last === 'string') return last
  const at = parseStatusLine(head, bytes, start, last)
  if (at < 0 || !parseFields(head, bytes, at, last)) return 'malformed'
  return frameResponse(head, requestMethod) ? 'head' : 'malformed'
}

/** The place of the empty line's end, or what else there is to say. Sets start, end and the defaults. */
function findEnd(head: Head, bytes: Buffer, start: number, end: number): number | Parsed {
  head.bytes = bytes
  head.start = start
  head.fieldCount = 0
  head.framing = 'none'
  head.length = 0
  head.upgrade = false
  head.host = -1
  head.connection = -1
  head.connectionCount = 0
  head.listsFields = false
  head.lookalikes = false
  head.problem = ''
  const at = bytes.indexOf(headEnd, start)
  if (at < 0 || at + 4 > end) {
    if (end - start > limits.headBytesMax) return tooLarge(head)
    return isPlausible(head, bytes, start, end) ? 'more' : 'malformed'
  }
  if (at + 4 - start > limits.headBytesMax) return tooLarge(head)
  head.end = at + 4
  return at + 4
}

function tooLarge(head: Head): Parsed {
  head.problem = `the head is larger than ${limits.headBytesMax} bytes`
  return 'too large'
}

/** Whether unfinished bytes can still become a head: otherwise a sender of bare LF would wait for its time-out. */
function isPlausible(head: Head, bytes: Buffer, start: number, end: number): boolean {
  if (end > start && !((characters[bytes[start] as number] as number) & isToken) && bytes[start] !== CR) {
    head.problem = 'the message does not begin with a method or a version'
    return false
  }
  for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) {
    if (at === start || bytes[at - 1] !== CR) {
      head.problem = 'a line ends with LF alone'
      return false
    }
  }
  return true
}

function parseRequestLine(head: Head, bytes: Buffer, start: number, end: number): number {
  let i = start
  while ((characters[bytes[i] as number] as number) & isToken) i++
  if (i === start || bytes[i] !== SP || i - start > 32)
    return malformed(head, 'the request line has no method that is a token of at most 32 characters')
  head.method = methodText(bytes, start, i)
  // Methods are case-sensitive (RFC 9110 §9.1), but not to everybody (gunicorn): with these two, whether there is a body
  // would depend on the reader.
  if (/^(head|connect)$/i.test(head.method) && head.method !== head.method.toUpperCase())
    return malformed(head, 'the method is HEAD or CONNECT but for its letter case')
  head.targetStart = ++i
  while ((characters[bytes[i] as number] as number) & isTarget) i++
  head.targetEnd = i
  if (i === head.targetStart || bytes[i] !== SP)
    return malformed(head, 'the request target holds a character that RFC 3986 does not allow')
  if (i - head.targetStart > limits.targetBytesMax)
    return malformed(head, `the request target is longer than ${limits.targetBytesMax} bytes`)
  return parseVersion(head, bytes, i + 1, end, CR)
}

function parseStatusLine(head: Head, bytes: Buffer, start: number, end: number): number {
  const at = parseVersion(head, bytes, start, end, SP)
  if (at < 0) return at
  const a = bytes[at] as number
  const b = bytes[at + 1] as number
  const c = bytes[at + 2] as number
  if (!((characters[a] as number) & (characters[b] as number) & (characters[c] as number) & isDigit)) {
    return malformed(head, 'the status is not three digits')
  }
  head.status = (a - 48) * 100 + (b - 48) * 10 + (c - 48)
  if (head.status < 100 || head.status > 599) return malformed(head, 'the status is not between 100 and 599')
  let i = at + 3
  if (bytes[i] === SP) i++
  else if (bytes[i] !== CR) return malformed(head, 'the status is not followed by a space')
  head.reasonStart = i
  while ((characters[bytes[i] as number] as number) & isReason) i++
  head.reasonEnd = i
  return lineEnd(head, bytes, i)
}

/** `HTTP/1.0` or `HTTP/1.1` and the byte `after`; returns the place behind it (behind the line for CR). */
function parseVersion(head: Head, bytes: Buffer, at: number, end: number, after: number): number {
  const minor = bytes[at + 7]
  const isHttp1 =
    at + 8 < end &&
    bytes[at] === 72 &&
    bytes[at + 1] === 84 &&
    bytes[at + 2] === 84 &&
    bytes[at + 3] === 80 &&
    bytes[at + 4] === 47 &&
    bytes[at + 5] === 49 &&
    bytes[at + 6] === 46 &&
    (minor === 48 || minor === 49)
  if (!isHttp1) return malformed(head, 'the version is not HTTP/1.0 or HTTP/1.1')
  head.minor = (minor as number) - 48
  if (after === CR) return lineEnd(head, bytes, at + 8)
  return bytes[at + 8] === after ? at + 9 : malformed(head, 'the version is not followed by a space')
}

/** Field lines up to and with the empty line. */
function parseFields(head: Head, bytes: Buffer, start: number, end: number): boolean {
  let { places } = head
  let i = start
  let count = 0
  while (bytes[i] !== CR) {
    if (count >= limits.fieldsMax) return invalid(head, `there are more than ${limits.fieldsMax} fields`)
    const nameStart = i
    while ((characters[bytes[i] as number] as number) & isToken) i++
    // Also answers white space before the colon and folded lines (RFC 9112 §5.1, §5.2).
    if (i === nameStart || bytes[i] !== COLON)
      return invalid(head, 'a field name is not a token followed at once by a colon')
    const nameEnd = i++
    while (bytes[i] === SP || bytes[i] === TAB) i++
    const valueStart = i
    while ((characters[bytes[i] as number] as number) & isFieldValue) i++
    let valueEnd = i
    i = lineEnd(head, bytes, i)
    if (i < 0) return false
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === SP || bytes[valueEnd - 1] === TAB)) valueEnd--
    if (count * 4 === places.length) places = grow(head)
    const place = count++ * 4
    places[place] = nameStart
    places[place + 1] = nameEnd
    places[place + 2] = valueStart
    places[place + 3] = valueEnd
  }
  head.fieldCount = count
  if (i + 2 !== end) return invalid(head, 'the head does not end with an empty line')
  return true
}

/** Twice the room for fields; returns the new places. */
function grow(head: Head): Int32Array {
  const places = new Int32Array(head.places.length * 2)
  places.set(head.places)
  head.places = places
  head.marks = new Uint8Array(places.length / 4)
  return places
}

function lineEnd(head: Head, bytes: Buffer, at: number): number {
  if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2
  return malformed(head, 'a line holds a control character, or ends without CR LF')
}

function malformed(head: Head, problem: string): -1 {
  head.problem = problem
  return -1
}

function invalid(head: Head, problem: string): false {
  head.problem = problem
  return false
}

const methods = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT'].map((text) => ({
  text,
  bytes: Buffer.from(text),
}))

/** Without making a new string for the methods that everybody uses. */
function methodText(bytes: Buffer, start: number, end: number): string {
  for (const method of methods) {
    if (method.bytes.length === end - start && method.bytes.compare(bytes, start, end) === 0) return method.text
  }
  return latin1(bytes, start, end)
}

/** What has been seen of the fields that frame a message; one object, because a head is read without a pause. */
const seenNow = { lengths: 0, encodings: 0, hosts: 0, upgrades: 0, websockets: 0 }

/** Left out of the copy, as Connection asks for (RFC 9110 §7.6.1), the body would be read as the next message. */
const neverListed = new Set(['content-length', 'transfer-encoding', 'host'])

/** Reads the fields that frame and steer; false with a problem where two readers could disagree. */
function readFraming(head: Head): boolean {
  const { bytes, places } = head
  const seen = seenNow
  seen.lengths = 0
  seen.encodings = 0
  seen.hosts = 0
  seen.upgrades = 0
  seen.websockets = 0
  let closes = false
  let keeps = false
  let listsUpgrade = false
  for (let index = 0; index < head.fieldCount; index++) {
    const place = index * 4
    const start = places[place + 2] as number
    const end = places[place + 3] as number
    const found = framingFields.find(bytes, places[place] as number, places[place + 1] as number)
    if ((found === 0 || found === 1) && isLookalike(head, index)) {
      head.lookalikes = true
      continue
    }
    if (found >= 0 && found <= 2 && !isPlainlySpaced(head, index))
      return invalid(head, 'a field that frames or routes has white space where readers differ about it')
    switch (found) {
      case 0: {
        if (++seen.lengths > 1) return invalid(head, 'Content-Length is there twice')
        head.length = decimal(bytes, start, end)
        if (head.length < 0) return invalid(head, 'Content-Length is not a number of at most fifteen digits')
        break
      }
      case 1: {
        if (++seen.encodings > 1 || latin1(bytes, start, end).toLowerCase() !== 'chunked') {
          return invalid(head, 'Transfer-Encoding is not chunked alone')
        }
        break
      }
      case 2: {
        if (++seen.hosts > 1) return invalid(head, 'Host is there twice')
        head.host = index
        break
      }
      case 3: {
        if (head.connectionCount++ === 0) head.connection = index
        for (const option of latin1(bytes, start, end).toLowerCase().split(',')) {
          const token = option.trim()
          if (token === 'close') closes = true
          else if (token === 'keep-alive') keeps = true
          else if (token === 'upgrade') listsUpgrade = true
          else if (neverListed.has(token)) return invalid(head, `Connection lists ${token}, and it would be left out`)
          else head.listsFields = true
        }
        break
      }
      case 4: {
        seen.upgrades++
        if (latin1(bytes, start, end).toLowerCase() === 'websocket') seen.websockets++
        break
      }
      case 5: {
        if (latin1(bytes, start, end).toLowerCase() !== '100-continue')
          return invalid(head, 'Expect asks for something other than 100-continue')
        break
      }
    }
  }
  if (seen.encodings > 0 && seen.lengths > 0)
    return invalid(head, 'Transfer-Encoding and Content-Length are both there')
  if (seen.encodings > 0 && head.minor === 0) return invalid(head, 'HTTP/1.0 has no Transfer-Encoding')
  head.keepAlive = !closes && (head.minor === 1 || keeps)
  // Another protocol (h2c, say), also beside this one, would carry requests that no policy sees.
  head.upgrade = listsUpgrade && seen.upgrades === 1 && seen.websockets === 1
  return true
}

/**
 * Whether the field is Content_Length or Transfer_Encoding. Where a server folds `_` to `-`, one spelling overwrites the
 * other (CVE-2024-45614), and it would frame by what we do not.
 */
export function isLookalike(head: Head, index: number): boolean {
  const start = head.places[index * 4] as number
  const end = head.places[index * 4 + 1] as number
  if (!head.bytes.subarray(start, end).includes(0x5f)) return false
  const found = framingFields.find(head.bytes, start, end)
  return found === 0 || found === 1
}

/**
 * RFC 9110 §5.5 allows spaces and tabs on both sides of a value. llhttp, lenient, does not know `chunked` with a tab
 * behind it; gunicorn makes the tab a part of the host.
 */
function isPlainlySpaced({ bytes, places }: Head, index: number): boolean {
  const start = places[index * 4 + 2] as number
  const end = places[index * 4 + 3] as number
  if (bytes[end] !== CR) return false
  for (let i = (places[index * 4 + 1] as number) + 1; i < start; i++) if (bytes[i] !== SP) return false
  return true
}

function frameRequest(head: Head): boolean {
  if (!readFraming(head)) return false
  // RFC 9112 §3.2; a CONNECT without Host is sent by common clients and its target says the same.
  if (seenNow.hosts === 0 && head.minor === 1 && head.method !== 'CONNECT') return invalid(head, 'Host is missing')
  if (seenNow.encodings > 0) head.framing = 'chunked'
  else if (seenNow.lengths > 0 && head.length > 0) head.framing = 'length'
  // RFC 6455 §4.1, RFC 9110 §7.8; with a body, whoever does not switch could take it for what comes after the switch.
  if (head.method !== 'GET' || head.minor === 0 || head.framing !== 'none') head.upgrade = false
  return true
}

function frameResponse(head: Head, requestMethod: string): boolean {
  if (!readFraming(head)) return false
  const { status } = head
  if (status < 200 || status === 204 || status === 304 || requestMethod === 'HEAD') {
    // RFC 9112 §6.1 and §6.3: these have no body whatever the fields say, and 1xx and 204 may not say it.
    if ((status < 200 || status === 204) && (seenNow.encodings > 0 || head.length > 0))
      return invalid(head, 'an answer that has no body is framed as if it had one')
    return true
  }
  if (seenNow.encodings > 0) head.framing = 'chunked'
  else if (seenNow.lengths > 0) head.framing = head.length > 0 ? 'length' : 'none'
  else {
    head.framing = 'close'
    head.keepAlive = false
  }
  return true
}

/** Digits only (RFC 9110 §8.6), -1 for anything else; fifteen digits stay exact in a double. */
function decimal(bytes: Buffer, start: number, end: number): number {
  if (end <= start || end - start > 15) return -1
  let value = 0
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (!((characters[byte] as number) & isDigit)) return -1
    value = value * 10 + (byte - 48)
  }
  return value
}

/** The field's name in lower case. */
export function fieldName(head: Head, index: number): string {
  return latin1(head.bytes, head.places[index * 4] as number, head.places[index * 4 + 1] as number).toLowerCase()
}

export function fieldValue(head: Head, index: number): string {
  return latin1(head.bytes, head.places[index * 4 + 2] as number, head.places[index * 4 + 3] as number)
}

export function targetText(head: Head): string {
  return latin1(head.bytes, head.targetStart, head.targetEnd)
}
