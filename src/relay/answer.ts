import { SallyportError } from '../errors.ts'
import { advanceBody, beginBody, createBody, forbiddenTrailers, forgetTrailers } from '../http1/body.ts'
import { fieldNames } from '../http1/field-names.ts'
import { createHead, type Head, parseResponseHead } from '../http1/head.ts'
import { copyFields, type Drops, dropsNames, hopByHopNames, put } from '../http1/write-head.ts'
import { limits } from '../limits.ts'
import { type ContentCoding, decodeWhole, readContentCodings } from '../scrub/codings.ts'
import type { Matcher } from '../scrub/matcher.ts'
import { wipe } from '../secret/masked.ts'
import { resumeReading } from './origin.ts'
import {
  beginScrubbed,
  createScrubbed,
  decodeContent,
  endScrubbed,
  pushContent,
  type Scrubbed,
  withRoom,
} from './scrubbed.ts'
import type { Answer, Session } from './session.ts'
import { beginMessages, receiveMessages } from './websocket.ts'

const nothing = Buffer.alloc(0)
/** So much of answers may wait for a client before the next one is fetched for it. */
const backlogBytesMax = 65_536
/** Longer ones are decoded as they come. */
const wholeBytesMax = 1_048_576
const statusLine = Buffer.from('HTTP/1.1 ')
const lineEnd = Buffer.from('\r\n')
const chunkedCoding = Buffer.from('Transfer-Encoding: chunked\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')
const connectionClose = Buffer.from('Connection: close\r\n')
const connectionKeep = Buffer.from('Connection: keep-alive\r\n')
const connectionUpgrade = Buffer.from('Connection: upgrade\r\n')
const dropsHopByHop = dropsNames(fieldNames([...hopByHopNames, 'sallyport-problem'], { fold: true }))
const hopByHopButUpgrade = fieldNames(hopByHopNames.filter((name) => name !== 'upgrade'))
const dropsButUpgrade = dropsNames(hopByHopButUpgrade)
const dropsFraming = dropsNames(
  fieldNames([...hopByHopNames, 'sallyport-problem', 'transfer-encoding', 'trailer'], { fold: true }),
)
/** What is true of the encoded content only. */
const dropsEncoding = dropsNames(
  fieldNames(
    [
      ...hopByHopNames,
      'sallyport-problem',
      'transfer-encoding',
      'content-length',
      'content-encoding',
      'content-md5',
      'content-digest',
      'digest',
      'accept-ranges',
    ],
    { fold: true },
  ),
)
const formFields = fieldNames(['content-encoding', 'content-type'])
const eventStream = /^text\/event-stream(?:[\t ]*;|$)/i

export function createAnswer(): Answer {
  return {
    head: createHead(),
    body: createBody(),
    partial: nothing,
    begun: false,
    interims: 0,
    clean: true,
    closesClient: false,
    unchunk: false,
    rechunk: false,
    scrubbed: undefined,
    decoded: 'no',
    echoed: false,
    messages: undefined,
  }
}

export function beginAnswer(session: Session): void {
  const { answer } = session
  dropPartial(answer)
  answer.begun = false
  answer.interims = 0
  answer.clean = true
  answer.closesClient = false
  answer.unchunk = false
  answer.rechunk = false
  answer.decoded = 'no'
  answer.echoed = false
  answer.messages = undefined
  if (answer.scrubbed) endScrubbed(answer.scrubbed)
}

/** Whether a key was in the present answer, as far as it has come. */
export function isEchoed({ answer }: Session): true | undefined {
  return answer.echoed || answer.scrubbed?.found || answer.messages?.scrubbed.found ? true : undefined
}

/** Nothing more of this answer is passed on. */
export function stopAnswer({ answer }: Session): void {
  if (answer.scrubbed) endScrubbed(answer.scrubbed)
  forgetTrailers(answer.body)
  dropPartial(answer)
}

/** It was not searched yet. */
function dropPartial(answer: Answer): void {
  wipe(answer.partial)
  answer.partial = nothing
}

/** What the upstream sent, with its room around it. It is only lent: what is not written at once is copied, or reading stops. */
export function receiveAnswer(session: Session, bytes: Buffer, start: number, bytesEnd: number): boolean {
  const { answer, socket } = session
  if (session.phase === 'tunnel') {
    if (answer.messages) return receiveMessages(session, answer.messages, bytes, start, bytesEnd)
    session.bytesOut += bytesEnd - start
    session.write(bytes.subarray(start, bytesEnd))
    return socket.writableLength === 0
  }
  const matcher = session.forward?.matcher
  let input = bytes
  let at = start
  let end = bytesEnd
  while (!answer.begun) {
    if (answer.partial.length > 0) {
      const joined = joinWithRoom(session, answer.partial, input, at, end)
      dropJoined(input, bytes)
      ;({ input, at, end } = joined)
      dropPartial(answer)
    }
    let parsed = parseResponseHead(answer.head, input, at, end, session.head.method)
    if (parsed === 'more') {
      answer.partial = Buffer.allocUnsafeSlow(end - at)
      input.copy(answer.partial, 0, at, end)
      dropJoined(input, bytes)
      return true
    }
    // Read again: what stands there now must be a head as well.
    if (parsed === 'head' && matcher && matcher.scrub(input, at, at, answer.head.end) >= 0) {
      answer.echoed = true
      parsed = parseResponseHead(answer.head, input, at, answer.head.end, session.head.method)
    }
    if (parsed !== 'head') {
      dropJoined(input, bytes)
      session.fail(new SallyportError('UPSTREAM_MALFORMED', `the upstream's answer: ${answer.head.problem}`))
      return false
    }
    at = answer.head.end
    if (answer.head.status === 101) return switchProtocols(session, input, at, end)
    // RFC 9110 §15.2: any number of interim answers come before the final one; HTTP/1.0 knows none.
    if (answer.head.status < 200) {
      if (++answer.interims > limits.interimAnswersMax) {
        session.fail(new SallyportError('UPSTREAM_MALFORMED', `more than ${limits.interimAnswersMax} interim answers`))
        return false
      }
      if (session.head.minor === 1) writeHead(session, nothing)
    } else return matcher ? beginScrub(session, matcher, input, at, end) : begin(session, input, at, end)
  }
  return answer.scrubbed && matcher
    ? passScrubbed(session, answer.scrubbed, input, at, end)
    : passOn(session, input, at, end)
}

/** What was read is wiped with its connection's buffers. */
function dropJoined(input: Buffer, read: Buffer): void {
  if (input !== read) wipe(input)
}

function joinWithRoom(session: Session, partial: Buffer, bytes: Buffer, start: number, bytesEnd: number) {
  const { front, behind } = session.upstream?.origin.room ?? { front: 0, behind: 0 }
  const input = Buffer.allocUnsafeSlow(front + partial.length + bytesEnd - start + behind)
  const end = front + partial.copy(input, front) + bytes.copy(input, front + partial.length, start, bytesEnd)
  return { input, at: front, end }
}

/** The final head, and what came with it in the same write. */
function begin(session: Session, input: Buffer, at: number, inputEnd: number): boolean {
  const { answer, head, body } = session
  beginBody(answer.body, answer.head.framing, answer.head.length, forbiddenTrailers)
  answer.unchunk = head.minor === 0 && answer.head.framing === 'chunked'
  // The client can then tell an end from a break, which inside TLS it could not.
  answer.rechunk = head.minor === 1 && answer.head.framing === 'close'
  answer.closesClient =
    !head.keepAlive || answer.head.framing === 'close' || answer.unchunk || !body.done || session.closeAfter
  if (answer.unchunk || answer.rechunk) {
    answer.begun = true
    writeHead(session, nothing)
    return passOn(session, input, at, inputEnd)
  }
  const end = advanceBody(answer.body, input, at, inputEnd)
  // Nothing has been written yet: the client gets a problem document, and not half an answer.
  if (answer.body.problem !== '') return breakOff(session)
  answer.begun = true
  writeHead(session, input.subarray(at, end))
  if (end < inputEnd) answer.clean = false
  // Written from a copy: the read buffer is free, and only a client that does not read is waited for.
  return afterBytes(session, session.socket.writableLength <= backlogBytesMax)
}

function passOn(session: Session, input: Buffer, at: number, inputEnd: number): boolean {
  const { answer, socket } = session
  const write = (start: number, end: number) => {
    session.bytesOut += end - start
    if (answer.rechunk) socket.write(`${(end - start).toString(16)}\r\n`)
    session.write(input.subarray(start, end))
    if (answer.rechunk) session.write(lineEnd)
  }
  const isFramedAnew = answer.unchunk || answer.rechunk
  const end = advanceBody(answer.body, input, at, inputEnd, isFramedAnew ? write : undefined)
  if (answer.body.problem !== '') return breakOff(session)
  if (end > at && !isFramedAnew) write(at, end)
  if (end < inputEnd) answer.clean = false
  return afterBytes(session, socket.writableLength === 0)
}

/** As `begin`, for an answer in which keys are looked for. */
function beginScrub(session: Session, matcher: Matcher, input: Buffer, at: number, inputEnd: number): boolean {
  const { answer, head, body } = session
  if (answer.scrubbed?.matcher !== matcher)
    answer.scrubbed = createScrubbed(matcher, (bytes) => {
      session.bytesOut += bytes.length
      session.write(bytes)
    })
  const { scrubbed } = answer
  beginBody(answer.body, answer.head.framing, answer.head.length, forbiddenTrailers)
  answer.body.keepsTrailers = true
  const { encoding, type } = readForm(answer.head)
  const codings = answer.body.done ? [] : readContentCodings(encoding)
  if (codings === undefined) {
    session.fail(
      new SallyportError(
        'UPSTREAM_ENCODING_REFUSED',
        'the upstream answered in a content coding that was not asked for and cannot be searched for keys',
      ),
    )
    return false
  }
  const isLength = answer.head.framing === 'length'
  answer.decoded = codings.length > 0 ? 'stream' : 'no'
  // A known length stays: what is put in a key's place is as long as the key.
  answer.rechunk = head.minor === 1 && (answer.head.framing === 'close' || codings.length > 0)
  const chunked = answer.rechunk || (head.minor === 1 && answer.head.framing === 'chunked')
  answer.unchunk = head.minor === 0 && answer.head.framing === 'chunked'
  const endsByClose = !chunked && (codings.length > 0 || (!isLength && answer.head.framing !== 'none'))
  answer.closesClient = !head.keepAlive || endsByClose || !body.done || session.closeAfter
  beginScrubbed(scrubbed, chunked, eventStream.test(type))

  const content = takeContent(answer, input, at, inputEnd)
  if (answer.body.problem !== '') return breakOff(session)
  if (answer.body.done && codings.length > 0 && answer.body.keptLength <= 2) {
    const whole = decodeAtOnce(session, codings, input.subarray(content.start, content.end))
    if (whole === 'failed') return false
    if (whole) {
      answer.begun = true
      answer.decoded = 'whole'
      answer.closesClient = !head.keepAlive || !body.done || session.closeAfter
      if (matcher.scrub(whole, 0, 0, whole.length) >= 0) answer.echoed = true
      writeHead(session, whole)
      return afterBytes(session, session.socket.writableLength <= backlogBytesMax)
    }
  }
  if (codings.length > 0) {
    answer.begun = true
    writeHead(session, nothing)
    startDecoding(session, scrubbed, codings)
    return decodeOn(session, scrubbed, input, content)
  }
  // Before anything is written around the content: the head stands right in front of it.
  const composed = composeHead(session, content.end - content.start + scrubbed.room.behind * 2, 0)
  const out = push(session, scrubbed, input, content.start, content.end, answer.body.done ? 'end' : 'more')
  if (!out) return false
  answer.begun = true
  writeComposed(session, composed, out)
  endWithTrailers(session, scrubbed)
  return afterBytes(session, session.socket.writableLength <= backlogBytesMax)
}

/** More of such an answer. */
function passScrubbed(session: Session, scrubbed: Scrubbed, input: Buffer, at: number, inputEnd: number): boolean {
  const { answer, socket } = session
  const content = takeContent(answer, input, at, inputEnd)
  if (answer.body.problem !== '') return breakOff(session)
  if (scrubbed.decoder) return decodeOn(session, scrubbed, input, content)
  const out = push(session, scrubbed, input, content.start, content.end, answer.body.done ? 'end' : 'more')
  if (!out) return false
  if (out.length > 0) {
    session.bytesOut += out.length
    session.write(out)
  }
  endWithTrailers(session, scrubbed)
  return afterBytes(session, socket.writableLength === 0)
}

/** The content among the next bytes of the answer, moved together where chunk lines stood between. */
function takeContent(answer: Answer, input: Buffer, at: number, inputEnd: number): { start: number; end: number } {
  let first = at
  let end = at
  const taken = advanceBody(answer.body, input, at, inputEnd, (from, to) => {
    if (end === at) {
      first = from
      end = to
    } else {
      input.copyWithin(end, from, to)
      end += to - from
    }
  })
  if (taken < inputEnd) answer.clean = false
  return { start: first, end: Math.max(first, end) }
}

function push(
  session: Session,
  scrubbed: Scrubbed,
  bytes: Buffer,
  start: number,
  end: number,
  until: 'more' | 'end',
): Buffer | undefined {
  try {
    return pushContent(scrubbed, bytes, start, end, until)
  } catch (error) {
    session.fail(error)
    return undefined
  }
}

/** Behind the last chunk: the trailers, without the keys in them, and the empty line. */
function endWithTrailers(session: Session, scrubbed: Scrubbed): void {
  const { answer } = session
  if (!scrubbed.chunked || !answer.body.done) return
  const { trailers: kept, keptLength } = answer.body
  // Not from Buffer's pool, which others read too.
  const trailers = Buffer.allocUnsafeSlow(Math.max(keptLength, lineEnd.length))
  if (keptLength > 0) trailers.set(kept.subarray(0, keptLength))
  else lineEnd.copy(trailers)
  forgetTrailers(answer.body)
  if (scrubbed.matcher.scrub(trailers, 0, 0, trailers.length) >= 0) answer.echoed = true
  session.bytesOut += trailers.length
  session.write(trailers)
}

function decodeAtOnce(
  session: Session,
  codings: readonly ContentCoding[],
  content: Buffer,
): Buffer | 'failed' | undefined {
  if (content.length === 0) return nothing
  try {
    return decodeWhole(codings, content, wholeBytesMax)
  } catch (error) {
    session.fail(error)
    return 'failed'
  }
}

function startDecoding(session: Session, scrubbed: Scrubbed, codings: readonly ContentCoding[]): void {
  const { socket } = session
  decodeContent(scrubbed, codings, {
    data(bytes, start, end) {
      const out = push(session, scrubbed, bytes, start, end, 'more')
      if (!out || out.length === 0) return
      session.bytesOut += out.length
      session.write(out)
      if (socket.writableLength > backlogBytesMax) scrubbed.decoder?.pause()
    },
    done() {
      const { front } = scrubbed.room
      const out = push(session, scrubbed, withRoom(scrubbed.room, 0), front, front, 'end')
      if (!out) return
      if (out.length > 0) {
        session.bytesOut += out.length
        session.write(out)
      }
      endWithTrailers(session, scrubbed)
      session.finish()
    },
    failed: (error) => session.fail(error),
  })
}

/** Hands encoded content to the decoder, which reads it where it stands. */
function decodeOn(
  session: Session,
  scrubbed: Scrubbed,
  input: Buffer,
  content: { start: number; end: number },
): boolean {
  const { answer, upstream } = session
  const { decoder } = scrubbed
  if (!decoder) return true
  let isTaken = content.end === content.start
  if (!isTaken) {
    scrubbed.decoding++
    decoder.write(input.subarray(content.start, content.end), () => {
      isTaken = true
      if (scrubbed.decoder !== decoder) return
      scrubbed.decoding--
      if (scrubbed.decoding === 0 && upstream && session.upstream === upstream) resumeReading(upstream)
    })
  }
  if (answer.body.done) decoder.end()
  return isTaken
}

function readForm(head: Head): { encoding: string; type: string } {
  const { bytes, places, fieldCount } = head
  let encoding = ''
  let type = ''
  for (let index = 0; index < fieldCount; index++) {
    const place = index * 4
    const found = formFields.find(bytes, places[place] as number, places[place + 1] as number)
    if (found < 0) continue
    const value = bytes.toString('latin1', places[place + 2], places[place + 3])
    if (found === 1) type = value
    else encoding = encoding === '' ? value : `${encoding}, ${value}`
  }
  return { encoding, type }
}

/** `isFree`: nothing that is still to be written stands in the upstream's read buffer. */
function afterBytes(session: Session, isFree: boolean): boolean {
  const { answer, socket, upstream } = session
  if (!answer.body.done) return isFree
  if (isFree) session.finish()
  else {
    // The last bytes still stand in the upstream's read buffer: nobody else may read into it before they are gone.
    socket.write(nothing, () => {
      if (session.upstream === upstream) session.finish()
    })
  }
  return isFree
}

/** The answer broke its own framing: the client must not take it for whole. */
function breakOff(session: Session): boolean {
  session.fail(new SallyportError('UPSTREAM_MALFORMED', `the upstream's answer: ${session.answer.body.problem}`))
  return false
}

/** The upstream's end. True when that was the end of the answer too. */
export function endAnswer(session: Session): boolean {
  const { answer } = session
  if (!answer.begun) return false
  // All of it came, and the client has not taken all of it yet: the exchange ends when it has.
  if (answer.body.done) return true
  if (answer.head.framing !== 'close') return false
  answer.body.done = true
  const { scrubbed } = answer
  if (scrubbed && session.forward?.matcher) {
    if (scrubbed.decoder) {
      scrubbed.decoder.end()
      return true
    }
    const { front } = scrubbed.room
    const out = push(session, scrubbed, withRoom(scrubbed.room, 0), front, front, 'end')
    if (!out) return true
    if (out.length > 0) {
      session.bytesOut += out.length
      session.write(out)
    }
    endWithTrailers(session, scrubbed)
  } else if (answer.rechunk) session.socket.write(lastChunk)
  session.finish()
  return true
}

/** RFC 9110 §7.8: after 101 both sides speak another protocol, which is passed through as it is. */
function switchProtocols(session: Session, input: Buffer, at: number, inputEnd: number): boolean {
  const { answer, socket, upstream } = session
  if (!session.head.upgrade || !answer.head.upgrade || !upstream) {
    session.fail(new SallyportError('UPSTREAM_MALFORMED', 'the upstream switched protocols unasked'))
    return false
  }
  answer.begun = true
  session.phase = 'tunnel'
  socket.setTimeout(0)
  upstream.socket.setTimeout(0)
  const matcher = session.forward?.matcher
  if (matcher) {
    writeHead(session, nothing)
    answer.messages = beginMessages(session, matcher)
    if (!receiveMessages(session, answer.messages, input, at, inputEnd)) return false
  } else writeHead(session, Buffer.from(input.subarray(at, inputEnd)))
  if (session.input.length > 0) {
    const early = session.input
    session.input = nothing
    upstream.socket.write(early)
  }
  socket.resume()
  return true
}

/** Status line, fields and `content` in one write. */
function writeHead(session: Session, content: Uint8Array): void {
  writeComposed(session, composeHead(session, content.length, content.length), content)
}

interface Composed {
  readonly into: Buffer
  /** The end of the head. */
  readonly end: number
}

/** The head with room for `contentMax` bytes behind it; `contentLength` is told where the content is decoded whole. */
function composeHead(session: Session, contentMax: number, contentLength: number): Composed {
  const { answer, head: request } = session
  const { head } = answer
  const into = Buffer.allocUnsafe(head.end - head.start + 128 + contentMax)
  let at = put(into, 0, statusLine)
  into[at++] = 48 + Math.floor(head.status / 100)
  into[at++] = 48 + (Math.floor(head.status / 10) % 10)
  into[at++] = 48 + (head.status % 10)
  into[at++] = 32
  at = put(into, at, head.bytes.subarray(head.reasonStart, head.reasonEnd))
  at = put(into, at, lineEnd)
  const isSwitch = head.status === 101
  at = copyFields(head, into, at, isSwitch ? dropsButUpgrade : dropsOf(answer))
  if (isSwitch) at = put(into, at, connectionUpgrade)
  else if (head.status >= 200) {
    if (answer.closesClient) at = put(into, at, connectionClose)
    else if (request.minor === 0) at = put(into, at, connectionKeep)
    if (answer.decoded === 'whole') at = put(into, at, Buffer.from(`Content-Length: ${contentLength}\r\n`))
    else if (answer.rechunk) at = put(into, at, chunkedCoding)
  }
  return { into, end: put(into, at, lineEnd) }
}

function writeComposed(session: Session, { into, end }: Composed, content: Uint8Array): void {
  session.bytesOut += content.length
  session.write(into.subarray(0, put(into, end, content)))
}

function dropsOf({ decoded, unchunk, head }: Answer): Drops {
  if (decoded !== 'no') return dropsEncoding
  // RFC 9112 §6.1 allows Transfer-Encoding with 304; Python's http.client then waits for chunks that never come.
  return unchunk || head.status === 304 ? dropsFraming : dropsHopByHop
}
