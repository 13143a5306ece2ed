import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type ErrorCode, SallyportError } from '../errors.ts'
import { advanceBody, beginBody, createBody, withoutTrailers } from '../http1/body.ts'
import { createHead, parseRequestHead } from '../http1/head.ts'
import { type Problem, problemAnswer } from '../http1/problem.ts'
import { limits } from '../limits.ts'
import { wipe } from '../secret/masked.ts'
import { wipeStack } from '../secret/wipe-stack.ts'
import { beginAnswer, createAnswer, endAnswer, isEchoed, receiveAnswer, stopAnswer } from './answer.ts'
import { acquire, closeOrigin, discard, release, resumeReading, type Upstream, writeSecretHead } from './origin.ts'
import { dropHeld, expectsContinue, frameContent, type Passed, sinkOf, takeHeld } from './request-content.ts'
import type { Admission, Door, Forward, Session } from './session.ts'

const nothing = Buffer.alloc(0)

/**
 * Serves HTTP/1.1 requests on `socket` (allowHalfOpen) one after the other until either side ends. Every request gets an
 * answer: the upstream's or a problem document. `end` closes it as soon as no exchange is running.
 */
export function serve<Peer>(socket: Socket, door: Door<Peer>, peer: Peer): { end(): void } {
  const session: Session<Peer> = {
    socket,
    door,
    peer,
    head: createHead(),
    body: createBody(),
    answer: createAnswer(),
    input: nothing,
    phase: 'head',
    forward: undefined,
    held: nothing,
    heldLength: 0,
    upstream: undefined,
    inputEnded: false,
    headSince: 0,
    bytesIn: 0,
    bytesOut: 0,
    retried: false,
    closed: false,
    closeAfter: false,
    write: writerTo(socket, () => session.flushed()),
    flushed: () => {
      if (socket.writableLength > 0) return
      const { scrubbed } = session.answer
      if (scrubbed?.decoder) {
        scrubbed.decoder.resume()
        // It reads the upstream's buffer.
        if (scrubbed.decoding > 0) return
      }
      if (session.upstream) resumeReading(session.upstream)
    },
    finish: () => finish(session),
    fail: (error) => failed(session, error),
    holder: {
      receive: (bytes, start, end) => receiveAnswer(session, bytes, start, end),
      ended: (upstream, error) => upstreamEnded(session, upstream, error),
      timedOut: () =>
        failed(session, new SallyportError('UPSTREAM_TIMEOUT', `no byte in ${limits.answerTimeoutMs} ms`)),
    },
    unlisten: () => {},
  }
  socket.setNoDelay(true)
  socket.setTimeout(limits.idleTimeoutMs)
  listen(session, {
    data: (chunk) => receive(session, chunk),
    end: () => {
      session.inputEnded = true
      // Whole requests that came before the end are answered first.
      if (session.phase === 'head' && (session.input.length === 0 || session.headSince > 0)) socket.end()
      else if (session.phase === 'body' || session.phase === 'holding') abandon(session)
      else if (session.phase === 'tunnel') session.upstream?.socket.end()
    },
    timeout: () => timedOut(session),
    drain: () => session.flushed(),
    error: () => socket.destroy(),
    close: () => {
      session.closed = true
      abandon(session)
    },
  })
  return {
    end() {
      session.closeAfter = true
      if (session.phase === 'head') socket.end()
    },
  }
}

/**
 * A plain socket mostly takes a write at once, and what Node does about a callback (a turn of its queue, objects) is then
 * for nothing: asked for behind the write, and only where something waits. TLS never takes one at once.
 */
function writerTo(socket: Socket, flushed: () => void): (bytes: Uint8Array) => void {
  const isPlain = socket instanceof Socket && !(socket instanceof TLSSocket)
  if (!isPlain) return (bytes) => void socket.write(bytes, flushed)
  return (bytes) => {
    socket.write(bytes)
    if (socket.writableLength > 0) socket.write(nothing, flushed)
  }
}

/** Adds the listeners so that `unlisten` takes away these and none of Node's own. */
function listen(session: Session, listeners: Readonly<Record<string, (chunk: Buffer) => void>>): void {
  for (const [event, listener] of Object.entries(listeners)) session.socket.on(event, listener)
  session.unlisten = () => {
    for (const [event, listener] of Object.entries(listeners)) session.socket.off(event, listener)
  }
}

function receive(session: Session, chunk: Buffer): void {
  if (session.phase === 'closing') return
  if (session.phase === 'tunnel') {
    passOn(session, chunk)
    return
  }
  session.input = session.input.length === 0 ? chunk : Buffer.concat([session.input, chunk])
  advance(session)
}

/** Uses as much of the input as the present phase can. */
function advance(session: Session): void {
  if (session.closed) return
  if (session.phase === 'head') readHead(session)
  if (session.phase === 'holding') hold(session)
  if (session.phase === 'body') readBody(session)
  // A client that sends ahead waits in the kernel's buffer, not in ours.
  else if (session.phase !== 'head' && session.input.length > 0) session.socket.pause()
}

function readHead(session: Session): void {
  const { input, head, door, peer } = session
  if (input.length === 0) return
  const parsed = parseRequestHead(head, input, 0, input.length)
  if (parsed === 'more') {
    session.headSince ||= Date.now()
    if (session.inputEnded) session.socket.end()
    else if (Date.now() - session.headSince > limits.headTimeoutMs)
      refuseUnread(session, 'REQUEST_TIMEOUT', `no complete head in ${limits.headTimeoutMs} ms`)
    else {
      session.socket.setTimeout(limits.headTimeoutMs)
      if (session.socket.isPaused()) session.socket.resume()
    }
    return
  }
  session.headSince = 0
  if (parsed !== 'head') {
    refuseUnread(session, parsed === 'too large' ? 'REQUEST_TOO_LARGE' : 'REQUEST_MALFORMED', head.problem)
    return
  }
  session.input = head.end === input.length ? nothing : input.subarray(head.end)
  session.phase = 'deciding'
  session.bytesIn = 0
  session.bytesOut = 0
  session.retried = false
  beginAnswer(session)
  beginBody(session.body, head.framing, head.length, door.forbiddenTrailers)
  follow(session, door.admit(head, peer))
}

function follow(session: Session, admission: Admission): void {
  if (admission.act === 'refuse') {
    answerProblem(session, admission.problem, admission.requestId)
    return
  }
  if (admission.act === 'take over') {
    const { socket, input } = session
    session.phase = 'tunnel'
    session.input = nothing
    session.unlisten()
    // Whoever takes it may have to wait first, and a reset in the meantime would end the process.
    socket.on('error', () => socket.destroy())
    socket.setTimeout(0)
    // Without a listener it would go on reading, into nothing.
    socket.pause()
    admission.take(socket, input)
    return
  }
  session.forward = admission
  admission.recorded((problem) => {
    if (session.forward !== admission) return
    if (problem) {
      session.forward = undefined
      answerProblem(session, problem, admission.requestId)
    } else if (admission.content?.act === 'hold') beginHold(session)
    else dispatch(session, admission)
  })
}

const continueAnswer = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

/** The head waits for the whole content. Nobody but us can tell a client that it should send it (RFC 9110 §10.1.1). */
function beginHold(session: Session): void {
  const { head, socket } = session
  session.phase = 'holding'
  dropHeld(session)
  if (session.input.length === 0 && expectsContinue(head)) socket.write(continueAnswer)
  hold(session)
  if (session.phase === 'holding' && session.inputEnded) abandon(session)
  if (session.phase === 'holding' && session.input.length === 0 && socket.isPaused()) socket.resume()
}

function hold(session: Session): void {
  const { forward } = session
  if (forward?.content?.act !== 'hold') return
  const taken = takeHeld(session, forward.content.lengthMax)
  if (taken === 'more') return
  if (taken !== 'whole') {
    refuseUnread(session, taken.code, taken.detail)
    return
  }
  session.phase = 'deciding'
  dispatch(session, forward)
}

/** Gets a connection for an admitted request. */
function dispatch(session: Session, forward: Forward): void {
  const upstream = acquire(forward.origin)
  if (upstream instanceof Promise) {
    upstream.then(
      (opened) => send(session, forward, opened),
      (error: unknown) => failed(session, error),
    )
  } else send(session, forward, upstream)
}

/** Writes the head, and what is there of the body, to `upstream`. */
function send(session: Session, forward: Forward, upstream: Upstream): void {
  if (session.closed || session.forward !== forward) {
    discard(upstream)
    return
  }
  session.upstream = upstream
  upstream.holder = session.holder
  beginAnswer(session)
  // A small body goes with its head: one write, one TLS record.
  const { input, body } = session
  let extra: Buffer | undefined
  const { content } = forward
  if (!body.done && input.length > 0 && input.length <= 8_192 && (!content || content.act === 'inspect')) {
    const passed: Passed = { problem: undefined, rewritten: [] }
    const end = advanceBody(body, input, 0, input.length, sinkOf(content, input, passed))
    if (body.problem !== '' || passed.problem) {
      refuseUnread(session, passed.problem?.code ?? 'REQUEST_MALFORMED', passed.problem?.detail ?? body.problem)
      return
    }
    extra = withoutTrailers(body, input, 0, end)
    session.bytesIn += end
    session.input = end === input.length ? nothing : input.subarray(end)
  }
  session.phase = body.done ? 'answer' : 'body'
  if (!sendHead(session, forward, upstream, extra)) return
  if (session.phase === 'body') readBody(session)
  // The client ended inside its body while the connection was being opened.
  if (session.phase === 'body' && session.inputEnded) abandon(session)
  // What a client has sent ahead is used up before more of it is read.
  if (session.input.length === 0 && session.socket.isPaused()) session.socket.resume()
}

/** Writes the head with what goes along in the same write; false where the exchange has ended instead. */
function sendHead(session: Session, forward: Forward, upstream: Upstream, first: Buffer | undefined): boolean {
  const { content, head } = forward
  if (content?.act === 'hold') {
    const released = content.release(session.held.subarray(0, session.heldLength))
    if ('code' in released) {
      failed(session, new SallyportError(released.code, released.detail))
      return false
    }
    const { head: outgoing, content: whole } = released
    session.bytesIn = whole.length
    writeSecretHead(upstream, outgoing.lengthMax, outgoing.write, whole)
    wipe(whole)
    return true
  }
  if (!head) return false
  writeSecretHead(upstream, head.lengthMax, head.write, first)
  return true
}

function readBody(session: Session): void {
  const { body, upstream, forward } = session
  while (session.phase === 'body' && session.input.length > 0 && upstream && forward) {
    const { input } = session
    const { content } = forward
    const passed: Passed = { problem: undefined, rewritten: [] }
    const end = advanceBody(body, input, 0, input.length, sinkOf(content, input, passed))
    if (body.done && !passed.problem && body.problem === '' && content?.act === 'rewrite')
      passed.problem = content.end()
    if (body.problem !== '' || passed.problem) {
      refuseUnread(session, passed.problem?.code ?? 'REQUEST_MALFORMED', passed.problem?.detail ?? body.problem)
      return
    }
    session.input = end === input.length ? nothing : input.subarray(end)
    session.bytesIn += end
    if (content?.act === 'rewrite') passOn(session, frameContent(body, passed.rewritten))
    else passOn(session, withoutTrailers(body, input, 0, end))
    if (body.done) session.phase = 'answer'
  }
}

/** Client bytes to the upstream; stops reading the client while the upstream is slow. */
function passOn(session: Session, bytes: Buffer): void {
  const { upstream, socket } = session
  if (!upstream || upstream.socket.destroyed || bytes.length === 0) return
  if (!upstream.socket.write(bytes)) {
    socket.pause()
    upstream.socket.once('drain', () => socket.resume())
  }
}

function upstreamEnded(session: Session, upstream: Upstream, error: Error | undefined): void {
  if (session.upstream !== upstream) return
  if (session.phase === 'tunnel') {
    finish(session)
    session.socket.end()
    return
  }
  if (!error && endAnswer(session)) return
  // A connection that died unused: the server closed it while we wrote. Safe to send again when nothing of the body is
  // gone and the method says that twice is once (RFC 9110 §9.2.2).
  if (
    !(error instanceof SallyportError) &&
    upstream.served > 0 &&
    !session.answer.begun &&
    session.answer.partial.length === 0 &&
    session.answer.interims === 0 &&
    !session.retried &&
    session.bytesIn === 0 &&
    isIdempotent(session.head.method)
  ) {
    session.retried = true
    session.upstream = undefined
    discard(upstream)
    const { forward } = session
    if (forward) {
      // The others are as old.
      closeOrigin(forward.origin)
      session.phase = 'deciding'
      dispatch(session, forward)
      return
    }
  }
  if (error instanceof SallyportError) failed(session, error)
  else
    failed(
      session,
      new SallyportError(
        'UPSTREAM_INTERRUPTED',
        session.answer.begun ? 'the connection ended inside the answer' : 'the connection ended before an answer',
        { cause: error },
      ),
    )
}

function isIdempotent(method: string): boolean {
  return (
    method === 'GET' ||
    method === 'HEAD' ||
    method === 'OPTIONS' ||
    method === 'PUT' ||
    method === 'DELETE' ||
    method === 'TRACE'
  )
}

function failed(session: Session, error: unknown): void {
  stopAnswer(session)
  dropHeld(session)
  const { forward, upstream } = session
  if (!forward) return
  const known = error instanceof SallyportError
  const problem: Problem = {
    code: known ? error.code : 'UPSTREAM_UNREACHABLE',
    detail: known ? error.message : 'the connection failed',
  }
  const { answer, bytesIn, bytesOut } = session
  forward.ended({
    status: answer.begun ? answer.head.status : 0,
    code: problem.code,
    bytesIn,
    bytesOut,
    echoed: isEchoed(session),
  })
  session.forward = undefined
  session.upstream = undefined
  if (upstream) breakOff(upstream, forward)
  if (answer.begun) cut(session)
  else answerProblem(session, problem, forward.requestId)
}

function finish(session: Session): void {
  const { forward, upstream, answer, bytesIn, bytesOut, socket } = session
  if (!forward || !upstream) return
  stopAnswer(session)
  dropHeld(session)
  session.forward = undefined
  session.upstream = undefined
  const echoed = isEchoed(session)
  forward.ended({ status: answer.head.status, bytesIn, bytesOut, echoed })
  if (echoed) setImmediate(wipeStack)
  const isClear = answer.head.keepAlive && session.body.done && answer.clean && session.phase !== 'tunnel'
  // After a request to switch that was answered otherwise, servers differ about what comes next (Node reads no further).
  if (isClear && !session.head.upgrade) release(upstream)
  else breakOff(upstream, forward)
  if (session.phase === 'tunnel') return
  if (answer.closesClient || isLast(session) || !session.body.done) {
    close(session)
    return
  }
  if (socket.timeout !== limits.idleTimeoutMs) socket.setTimeout(limits.idleTimeoutMs)
  next(session)
}

/** Ready for the next request: one that the client has sent ahead, or one that is still to come. */
function next(session: Session): void {
  const { socket } = session
  session.phase = 'head'
  if (session.input.length === 0) {
    if (socket.isPaused()) socket.resume()
    return
  }
  socket.pause()
  // Not from inside the upstream's read: a client that sends ahead would make the stack grow with each request.
  setImmediate(() => advance(session))
}

/** A request that was not passed on, or not to its end. */
function refuseUnread(session: Session, code: ErrorCode, detail: string): void {
  stopAnswer(session)
  dropHeld(session)
  const problem = { code, detail }
  const { forward, upstream, answer, bytesIn, bytesOut } = session
  session.forward = undefined
  session.upstream = undefined
  if (upstream) breakOff(upstream, forward)
  forward?.ended({ status: answer.begun ? answer.head.status : 0, code, bytesIn, bytesOut, echoed: isEchoed(session) })
  const requestId = forward?.requestId ?? session.door.refused(session.peer, problem)
  if (answer.begun && forward) cut(session)
  else writeProblem(session, problem, requestId, false)
}

/** What came of the answer may hold a key that was not found yet. */
function breakOff(upstream: Upstream, forward: Forward | undefined): void {
  discard(upstream)
  if (forward?.matcher) setImmediate(wipeStack)
}

/** Who sends a request that two readers could read differently gets no second try on the connection. */
const isDoubtful: ReadonlySet<ErrorCode> = new Set(['REQUEST_MALFORMED', 'REQUEST_MISDIRECTED', 'REQUEST_AMBIGUOUS'])

/** Ends an answer in the middle: over TCP alone by a reset, because an HTTP/1.0 client takes a plain end for the end. */
function cut({ socket }: Session): void {
  // Neither TLS nor a stream of HTTP/2 can be reset so.
  if (socket instanceof Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  else socket.destroy()
}

/** Nothing comes behind the present request. */
function isLast(session: Session): boolean {
  return session.inputEnded && session.input.length === 0
}

/** Our own answer; the connection lives on when the request was read to its end. */
function answerProblem(session: Session, problem: Problem, requestId: string): void {
  const { socket } = session
  const isWhole =
    session.body.done &&
    session.head.keepAlive &&
    !isLast(session) &&
    !session.closeAfter &&
    !isDoubtful.has(problem.code)
  const isTaken = writeProblem(session, problem, requestId, isWhole)
  if (!isWhole) return
  if (isTaken) {
    next(session)
    return
  }
  // A client that sends and does not read: no further request before it has taken its answers.
  session.phase = 'deciding'
  socket.pause()
  socket.once('drain', () => next(session))
}

/** False when the client has not taken its earlier answers yet. */
function writeProblem(session: Session, problem: Problem, requestId: string, keepAlive: boolean): boolean {
  const withBody = session.head.method !== 'HEAD'
  const isTaken = session.socket.write(problemAnswer(problem, requestId, { keepAlive, withBody }))
  if (!keepAlive) close(session)
  return isTaken
}

/**
 * Ends our side and reads on for a moment: a close with unread input becomes a reset that can overtake the answer
 * (RFC 9112 §9.6).
 */
function close(session: Session): void {
  const { socket } = session
  session.phase = 'closing'
  session.input = nothing
  socket.end()
  socket.resume()
  socket.setTimeout(2_000)
  // Also for a client that goes on sending.
  const timer = setTimeout(() => socket.destroy(), limits.drainTimeoutMs)
  socket.once('close', () => clearTimeout(timer))
}

function timedOut(session: Session): void {
  if (session.phase === 'head' && session.input.length > 0) {
    refuseUnread(session, 'REQUEST_TIMEOUT', `no complete head in ${limits.headTimeoutMs} ms`)
  } else if (session.phase === 'body' || session.phase === 'holding') {
    refuseUnread(session, 'REQUEST_TIMEOUT', `no byte of the body in ${limits.idleTimeoutMs} ms`)
  } else if (session.phase === 'head' || session.phase === 'closing') session.socket.destroy()
}

/** The client is gone: nobody waits for the answer. */
function abandon(session: Session): void {
  stopAnswer(session)
  dropHeld(session)
  const { forward, upstream, answer, bytesIn, bytesOut } = session
  session.forward = undefined
  session.upstream = undefined
  if (upstream) breakOff(upstream, forward)
  forward?.ended({ status: answer.begun ? answer.head.status : 0, bytesIn, bytesOut, echoed: isEchoed(session) })
  if (!session.closed && session.phase === 'body') session.socket.destroy()
}
