import { advanceBody, type Body, type ContentSink } from '../http1/body.ts'
import { fieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import type { Problem } from '../http1/problem.ts'
import { limits } from '../limits.ts'
import type { Forward, Session } from './session.ts'

const nothing = Buffer.alloc(0)
const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')
const expects = fieldNames(['expect'])

/** Whether the client waits to be told that it should send its content (RFC 9110 §10.1.1). */
export function expectsContinue({ bytes, places, fieldCount }: Head): boolean {
  for (let index = 0; index < fieldCount; index++) {
    const place = index * 4
    if (expects.find(bytes, places[place] as number, places[place + 1] as number) >= 0) return true
  }
  return false
}

/** Bytes of bodies that are held now, on all connections. */
let heldTotal = 0

/** Ends what is held for a request. */
export function dropHeld(session: Session): void {
  heldTotal -= session.heldLength
  session.heldLength = 0
  session.held = nothing
}

/** Grows twofold: a body in chunks of one byte costs no object for each. `used` bytes are kept. */
function roomToHold(session: Session, used: number, lengthMax: number): Buffer {
  const { held, heldLength } = session
  if (held.length < heldLength) {
    session.held = Buffer.allocUnsafeSlow(Math.min(lengthMax, Math.max(heldLength, held.length * 2, 1_024)))
    held.copy(session.held, 0, 0, used)
  }
  return session.held
}

/**
 * Takes the session's input into what is held, at most `lengthMax` bytes of content; `whole` where all of it is there. A
 * problem (REQUEST_MALFORMED, BODY_TOO_LARGE, BODIES_TOO_LARGE) where it cannot be.
 */
export function takeHeld(session: Session, lengthMax: number): 'more' | 'whole' | Problem {
  const { body, input } = session
  const end = advanceBody(body, input, 0, input.length, (from, to) => {
    const at = session.heldLength
    session.heldLength += to - from
    heldTotal += to - from
    if (session.heldLength <= lengthMax) input.copy(roomToHold(session, at, lengthMax), at, from, to)
  })
  if (body.problem !== '') return { code: 'REQUEST_MALFORMED', detail: body.problem }
  const known = body.framing === 'length' ? body.remaining : 0
  if (session.heldLength + known > lengthMax) {
    const detail = `its limit here is ${lengthMax} bytes, because it has to be had whole`
    return { code: 'BODY_TOO_LARGE', detail }
  }
  if (heldTotal > limits.heldBodiesBytesMax) {
    const detail = `their limit is ${limits.heldBodiesBytesMax} bytes together, because each has to be had whole`
    return { code: 'BODIES_TOO_LARGE', detail }
  }
  session.input = end === input.length ? nothing : input.subarray(end)
  return body.done ? 'whole' : 'more'
}

/** What became of some content. */
export interface Passed {
  problem: Problem | undefined
  readonly rewritten: Uint8Array[]
}

/** Where content goes that is looked at or rewritten on its way; undefined where it passes as it comes. */
export function sinkOf(content: Forward['content'], input: Buffer, passed: Passed): ContentSink | undefined {
  if (!content || content.act === 'hold') return undefined
  return (from, to) => {
    if (passed.problem) return
    const piece = input.subarray(from, to)
    if (content.act === 'inspect') passed.problem = content.inspect(piece)
    else {
      const out = content.push(piece)
      if ('code' in out) passed.problem = out
      else if (out.length > 0) passed.rewritten.push(out)
    }
  }
}

/** Content that was rewritten, in chunks of our own where it came in chunks; trailers are left out. */
export function frameContent(body: Body, pieces: readonly Uint8Array[]): Buffer {
  if (body.framing !== 'chunked') return Buffer.concat(pieces)
  const framed = pieces.flatMap((piece) => [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, lineEnd])
  return Buffer.concat(body.done ? [...framed, lastChunk] : framed)
}
