import { characters, isDigit, isFieldValue, isTarget, isToken, latin1 } from '../http1/characters.ts'
import { copyBytes } from '../http1/copy-bytes.ts'
import { fieldNames } from '../http1/field-names.ts'
import { put } from '../http1/write-head.ts'
import { limits } from '../limits.ts'
import { wipe } from '../secret/masked.ts'
import type { FieldBlock } from './hpack.ts'
import { secretBuffer } from './secret-buffer.ts'

/** A field section as the head of an HTTP/1.1 message. */
export interface Http1Head {
  /** Lent until the next section is read. */
  readonly text: Buffer
  /** Requests: the method. */
  readonly method: string
  /** Responses: the status. */
  readonly status: number
  readonly framing: 'none' | 'length' | 'chunked'
  /** Content bytes to come where `framing` is `length`. */
  readonly length: number
}

const pseudoNames = [':method', ':scheme', ':authority', ':path', ':status'] as const
const pseudo = fieldNames(pseudoNames)
const [METHOD, SCHEME, AUTHORITY, PATH, STATUS] = [0, 1, 2, 3, 4] as const
const special = fieldNames([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'content-length',
  'host',
  'cookie',
  'trailer',
  'content-type',
])
/** RFC 9113 §8.2.2: fields below this number speak of an HTTP/1.1 connection, and make a message malformed. */
const TE = 5
const [CONTENT_LENGTH, HOST, COOKIE, TRAILER, CONTENT_TYPE] = [6, 7, 8, 9, 10] as const

const space = Buffer.from(' ')
const colon = Buffer.from(': ')
const lineEnd = Buffer.from('\r\n')
const semicolon = Buffer.from('; ')
const version = Buffer.from(' HTTP/1.1\r\nHost: ')
const statusLine = Buffer.from('HTTP/1.1 ')
const cookieName = Buffer.from('cookie: ')
const noContent = Buffer.from('content-length: 0\r\n')
const chunked = Buffer.from('transfer-encoding: chunked\r\n')
const grpc = Buffer.from('application/grpc')
const trailersText = 'trailers'

/** What a field section says, once its form is known to be good. */
interface Section {
  /** Index of each pseudo field, or -1. */
  readonly pseudo: number[]
  /** The number in `special` of each field, or -1; -2 for pseudo fields. */
  readonly kinds: Int8Array
  contentLength: number
  host: number
  cookies: number
  announcesTrailers: boolean
}

/** One for all: a section is read and written without a pause. */
const section: Section = {
  pseudo: [-1, -1, -1, -1, -1],
  kinds: new Int8Array(0),
  contentLength: -1,
  host: -1,
  cookies: 0,
  announcesTrailers: false,
}

/** One for all, with room for the largest section, what HTTP/1.1 adds to each field, and an authority twice. */
const text = secretBuffer(limits.headBytesMax * 2 + limits.fieldsMax * 4 + 128)

/** For an answer that may echo a key. */
export function wipeText(length: number): void {
  wipe(text, 0, length)
}

/**
 * A request's field section as HTTP/1.1, or a sentence (naming no value) that says why it is malformed (RFC 9113 §8.2,
 * §8.3.1). `isEnd`: no content follows.
 */
export function toRequestHead(block: FieldBlock, isEnd: boolean): Http1Head | string {
  const read = readSection(block)
  if (typeof read === 'string') return read
  const method = read.pseudo[METHOD] as number
  const path = read.pseudo[PATH] as number
  if (method < 0 || path < 0 || (read.pseudo[SCHEME] as number) < 0 || (read.pseudo[STATUS] as number) >= 0)
    return 'the pseudo fields are not those of a request'
  if (!isAll(block, method, isToken)) return 'the method is not a token'
  if (textOf(block, read.pseudo[SCHEME] as number) !== 'https') return 'the scheme is not https'
  const methodText = textOf(block, method)
  const first = block.bytes[valueStart(block, path)]
  if (!isAll(block, path, isTarget) || !(first === 0x2f || (methodText === 'OPTIONS' && textOf(block, path) === '*')))
    return 'the path is not a path'
  const authority = authorityOf(block, read)
  if (typeof authority === 'string') return authority
  if (isEnd && read.contentLength > 0) return 'the content is shorter than Content-Length says'
  let at = putValue(text, 0, block, method)
  at = put(text, at, space)
  at = putValue(text, at, block, path)
  at = put(text, at, version)
  at = putValue(text, at, block, authority)
  at = put(text, at, lineEnd)
  for (let index = 0; index < block.count; index++) {
    const kind = read.kinds[index] as number
    if (kind === -2 || kind === HOST || kind === COOKIE) continue
    at = putLine(text, at, block, index)
  }
  if (read.cookies > 0) at = putCookies(text, at, block, read)
  const mayHaveContent = methodText === 'POST' || methodText === 'PUT' || methodText === 'PATCH'
  if (isEnd && mayHaveContent && read.contentLength < 0) at = put(text, at, noContent)
  if (!isEnd && read.contentLength < 0) at = put(text, at, chunked)
  at = put(text, at, lineEnd)
  const framing = isEnd ? 'none' : read.contentLength < 0 ? 'chunked' : 'length'
  return { text: text.subarray(0, at), method: methodText, status: 0, framing, length: Math.max(0, read.contentLength) }
}

/**
 * The same for an answer to `method` (RFC 9113 §8.3.2). `length` framing is kept where the answer has it and no trailers
 * are to be expected: those have a place only behind chunks.
 */
export function toResponseHead(block: FieldBlock, isEnd: boolean, method: string): Http1Head | string {
  const read = readSection(block)
  if (typeof read === 'string') return read
  const field = read.pseudo[STATUS] as number
  if (field < 0 || read.pseudo.some((index, kind) => kind !== STATUS && index >= 0))
    return 'the pseudo fields are not those of an answer'
  const status = valueLength(block, field) === 3 && isAll(block, field, isDigit) ? Number(textOf(block, field)) : 0
  if (status < 100 || status > 599) return 'the status is not between 100 and 599'
  // RFC 9113 §8.6
  if (status === 101) return 'the protocol is switched, which HTTP/2 does not know'
  const isInterim = status < 200
  if (isInterim && isEnd) return 'an interim answer ends the stream'
  const isEmpty = isInterim || status === 204 || status === 304 || method === 'HEAD'
  const { contentLength } = read
  if (isEnd && !isEmpty && contentLength > 0) return 'the content is shorter than Content-Length says'
  const framing = isEnd || isEmpty ? 'none' : contentLength < 0 || read.announcesTrailers ? 'chunked' : 'length'
  let at = put(text, 0, statusLine)
  at = putValue(text, at, block, field)
  at = put(text, at, space)
  at = put(text, at, lineEnd)
  for (let index = 0; index < block.count; index++) {
    const kind = read.kinds[index] as number
    if (kind === -2) continue
    if (kind === CONTENT_LENGTH && (framing === 'chunked' || isInterim || status === 204)) continue
    at = putLine(text, at, block, index)
  }
  if (framing === 'chunked') at = put(text, at, chunked)
  else if (isEnd && !isEmpty && contentLength < 0) at = put(text, at, noContent)
  at = put(text, at, lineEnd)
  return { text: text.subarray(0, at), method, status, framing, length: Math.max(0, contentLength) }
}

/** Trailers as the lines behind the last chunk, the empty one included; a sentence where they are malformed. */
export function toTrailerLines(block: FieldBlock): Buffer | string {
  const read = readSection(block)
  if (typeof read === 'string') return read
  if (read.pseudo.some((index) => index >= 0)) return 'a pseudo field among the trailers'
  let at = 0
  for (let index = 0; index < block.count; index++) at = putLine(text, at, block, index)
  return text.subarray(0, put(text, at, lineEnd))
}

/** The form of every name and value (RFC 9113 §8.2.1), and what the special ones say. */
function readSection(block: FieldBlock): Section | string {
  const { bytes, places, count } = block
  section.pseudo.fill(-1)
  const kinds = section.kinds.length < count ? new Int8Array(count) : section.kinds
  const read = Object.assign(section, { kinds, contentLength: -1, host: -1, cookies: 0, announcesTrailers: false })
  let isRegular = false
  for (let index = 0; index < count; index++) {
    const [start, end] = [places[index * 4] as number, places[index * 4 + 1] as number]
    if (!isValue(bytes, valueStart(block, index), places[index * 4 + 3] as number))
      return 'a value holds a control character, or white space at an end'
    if (bytes[start] === 0x3a) {
      const kind = pseudo.find(bytes, start, end)
      if (isRegular || kind < 0 || read.pseudo[kind] !== -1 || !isLowerName(bytes, start + 1, end))
        return 'a pseudo field that is unknown, twice, or behind the others'
      read.pseudo[kind] = index
      kinds[index] = -2
      continue
    }
    isRegular = true
    if (!isLowerName(bytes, start, end)) return 'a name is not a token in lower case'
    const kind = special.find(bytes, start, end)
    kinds[index] = kind
    if (kind < 0) continue
    const problem = readSpecial(block, read, kind, index)
    if (problem !== '') return problem
  }
  return read
}

function readSpecial(block: FieldBlock, read: Section, kind: number, index: number): string {
  if (kind < TE) return 'a field of an HTTP/1.1 connection'
  switch (kind) {
    case TE:
      return textOf(block, index).toLowerCase() === trailersText ? '' : 'te says something other than trailers'
    case CONTENT_LENGTH: {
      const length = valueLength(block, index)
      if (read.contentLength >= 0 || length === 0 || length > 15 || !isAll(block, index, isDigit))
        return 'Content-Length is there twice, or is not a number of at most fifteen digits'
      read.contentLength = Number(textOf(block, index))
      return ''
    }
    case HOST: {
      if (read.host >= 0) return 'Host is there twice'
      read.host = index
      return ''
    }
    case COOKIE: {
      read.cookies++
      return ''
    }
    case TRAILER: {
      read.announcesTrailers = true
      return ''
    }
    case CONTENT_TYPE: {
      const start = valueStart(block, index)
      if (block.bytes.compare(grpc, 0, grpc.length, start, Math.min(start + grpc.length, valueEnd(block, index))) === 0)
        read.announcesTrailers = true
      return ''
    }
    default:
      return ''
  }
}

/** The field that says which host is meant, or what is wrong (RFC 9113 §8.3.1). */
function authorityOf(block: FieldBlock, read: Section): number | string {
  const authority = read.pseudo[AUTHORITY] as number
  const named = authority < 0 ? read.host : authority
  if (named < 0 || valueLength(block, named) === 0) return 'no authority'
  if (!isAll(block, named, isTarget)) return 'the authority holds a character that RFC 3986 does not allow'
  if (authority >= 0 && read.host >= 0 && textOf(block, authority) !== textOf(block, read.host))
    return 'Host names another authority than :authority'
  return named
}

/** RFC 9113 §8.2.3: one field outside HTTP/2. */
function putCookies(into: Buffer, start: number, block: FieldBlock, read: Section): number {
  let at = put(into, start, cookieName)
  let isFirst = true
  for (let index = 0; index < block.count; index++) {
    if (read.kinds[index] !== COOKIE) continue
    if (!isFirst) at = put(into, at, semicolon)
    isFirst = false
    at = putValue(into, at, block, index)
  }
  return put(into, at, lineEnd)
}

function putLine(into: Buffer, start: number, block: FieldBlock, index: number): number {
  const { bytes, places } = block
  let at = copyBytes(bytes, places[index * 4] as number, places[index * 4 + 1] as number, into, start)
  at = put(into, at, colon)
  at = putValue(into, at, block, index)
  return put(into, at, lineEnd)
}

function putValue(into: Buffer, at: number, block: FieldBlock, index: number): number {
  return copyBytes(block.bytes, valueStart(block, index), valueEnd(block, index), into, at)
}

function valueStart(block: FieldBlock, index: number): number {
  return block.places[index * 4 + 2] as number
}

function valueEnd(block: FieldBlock, index: number): number {
  return block.places[index * 4 + 3] as number
}

function valueLength(block: FieldBlock, index: number): number {
  return valueEnd(block, index) - valueStart(block, index)
}

/** Only for values that are no credentials: a string cannot be erased. */
function textOf(block: FieldBlock, index: number): string {
  return latin1(block.bytes, valueStart(block, index), valueEnd(block, index))
}

function isAll(block: FieldBlock, index: number, characterClass: number): boolean {
  const end = valueEnd(block, index)
  for (let i = valueStart(block, index); i < end; i++)
    if (!((characters[block.bytes[i] as number] as number) & characterClass)) return false
  return valueLength(block, index) > 0
}

function isLowerName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (!((characters[byte] as number) & isToken) || (byte >= 0x41 && byte <= 0x5a)) return false
  }
  return end > start
}

function isValue(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true
  for (let i = start; i < end; i++) if (!((characters[bytes[i] as number] as number) & isFieldValue)) return false
  return !isBlank(bytes[start]) && !isBlank(bytes[end - 1])
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}
