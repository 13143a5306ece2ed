import { SallyportError } from '../errors.ts'
import { advanceBody, beginBody, createBody, forbiddenTrailers } from '../http1/body.ts'
import { fieldNames } from '../http1/field-names.ts'
import { createHead, parseResponseHead } from '../http1/head.ts'
import { copyFields, dropsNames, hopByHopNames, put } from '../http1/write-head.ts'
import { limits } from '../limits.ts'
import type { Answer, Session } from './session.ts'

const nothing = Buffer.alloc(0)
/** So much of answers may wait for a client before the next one is fetched for it. */
const backlogBytesMax = 65_536
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
  }
}

export function beginAnswer(session: Session): void {
  const { answer } = session
  answer.partial = nothing
  answer.begun = false
  answer.interims = 0
  answer.clean = true
  answer.closesClient = false
  answer.unchunk = false
  answer.rechunk = false
}

/** What the upstream sent. `bytes` is only lent: what is not written at once is copied, or reading stops. */
export function receiveAnswer(session: Session, bytes: Buffer): boolean {
  const { answer, socket } = session
  if (session.phase === 'tunnel') {
    session.bytesOut += bytes.length
    socket.write(bytes, session.flushed)
    return socket.writableLength === 0
  }
  let input = bytes
  let at = 0
  while (!answer.begun) {
    if (answer.partial.length > 0) {
      input = Buffer.concat([answer.partial, input.subarray(at)])
      at = 0
      answer.partial = nothing
    }
    const parsed = parseResponseHead(answer.head, input, at, input.length, session.head.method)
    if (parsed === 'more') {
      answer.partial = Buffer.from(input.subarray(at))
      return true
    }
    if (parsed !== 'head') {
      session.fail(new SallyportError('UPSTREAM_MALFORMED', `the upstream's answer: ${answer.head.problem}`))
      return false
    }
    at = answer.head.end
    if (answer.head.status === 101) return switchProtocols(session, input, at)
    // RFC 9110 §15.2: any number of interim answers come before the final one; HTTP/1.0 knows none.
    if (answer.head.status < 200) {
      if (++answer.interims > limits.interimAnswersMax) {
        session.fail(new SallyportError('UPSTREAM_MALFORMED', `more than ${limits.interimAnswersMax} interim answers`))
        return false
      }
      if (session.head.minor === 1) writeHead(session, nothing)
    } else return begin(session, input, at)
  }
  return passOn(session, input, at)
}

/** The final head, and what came with it in the same write. */
function begin(session: Session, input: Buffer, at: number): boolean {
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
    return passOn(session, input, at)
  }
  const end = advanceBody(answer.body, input, at, input.length)
  // Nothing has been written yet: the client gets a problem document, and not half an answer.
  if (answer.body.problem !== '') return breakOff(session)
  answer.begun = true
  writeHead(session, input.subarray(at, end))
  if (end < input.length) answer.clean = false
  // Written from a copy: the read buffer is free, and only a client that does not read is waited for.
  return afterBytes(session, session.socket.writableLength <= backlogBytesMax)
}

function passOn(session: Session, input: Buffer, at: number): boolean {
  const { answer, socket } = session
  const write = (start: number, end: number) => {
    session.bytesOut += end - start
    if (answer.rechunk) socket.write(`${(end - start).toString(16)}\r\n`)
    socket.write(input.subarray(start, end), session.flushed)
    if (answer.rechunk) socket.write(lineEnd, session.flushed)
  }
  const isFramedAnew = answer.unchunk || answer.rechunk
  const end = advanceBody(answer.body, input, at, input.length, isFramedAnew ? write : undefined)
  if (answer.body.problem !== '') return breakOff(session)
  if (end > at && !isFramedAnew) write(at, end)
  if (end < input.length) answer.clean = false
  return afterBytes(session, socket.writableLength === 0)
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
  if (answer.rechunk) session.socket.write(lastChunk)
  session.finish()
  return true
}

/** RFC 9110 §7.8: after 101 both sides speak another protocol, which is passed through as it is. */
function switchProtocols(session: Session, input: Buffer, at: number): boolean {
  const { answer, socket, upstream } = session
  if (!session.head.upgrade || !answer.head.upgrade || !upstream) {
    session.fail(new SallyportError('UPSTREAM_MALFORMED', 'the upstream switched protocols unasked'))
    return false
  }
  answer.begun = true
  session.phase = 'tunnel'
  socket.setTimeout(0)
  upstream.socket.setTimeout(0)
  writeHead(session, Buffer.from(input.subarray(at)))
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
  const { answer, socket, head: request } = session
  const { head } = answer
  const into = Buffer.allocUnsafe(head.end - head.start + 96 + content.length)
  let at = put(into, 0, statusLine)
  into[at++] = 48 + Math.floor(head.status / 100)
  into[at++] = 48 + (Math.floor(head.status / 10) % 10)
  into[at++] = 48 + (head.status % 10)
  into[at++] = 32
  at = put(into, at, head.bytes.subarray(head.reasonStart, head.reasonEnd))
  at = put(into, at, lineEnd)
  const isSwitch = head.status === 101
  // RFC 9112 §6.1 allows Transfer-Encoding with 304; Python's http.client then waits for chunks that never come.
  const losesFraming = answer.unchunk || head.status === 304
  at = copyFields(head, into, at, isSwitch ? dropsButUpgrade : losesFraming ? dropsFraming : dropsHopByHop)
  if (isSwitch) at = put(into, at, connectionUpgrade)
  else if (head.status >= 200) {
    if (answer.rechunk) at = put(into, at, chunkedCoding)
    if (answer.closesClient) at = put(into, at, connectionClose)
    else if (request.minor === 0) at = put(into, at, connectionKeep)
  }
  at = put(into, at, lineEnd)
  at = put(into, at, content)
  session.bytesOut += content.length
  socket.write(into.subarray(0, at), session.flushed)
}
