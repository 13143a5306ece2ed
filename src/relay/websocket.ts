import { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Matcher } from '../scrub/matcher.ts'
import { wipe } from '../secret/masked.ts'
import { beginScrubbed, createScrubbed, pushContent, type Scrubbed, withRoom } from './scrubbed.ts'
import type { Session } from './session.ts'

/** Messages from an upstream to the app, keys taken out of them (RFC 6455 §5). No extension is negotiated. */
export interface Messages {
  readonly scrubbed: Scrubbed
  /** Bytes of a frame's head that is not complete. */
  readonly head: Buffer
  headLength: number
  /** What is still to come of the present frame's payload. */
  remaining: number
  inFrame: boolean
  final: boolean
  opcode: number
  /** Opcode of the message whose next fragment is to be written, or 0 where its first is. */
  writing: number
  /** A message has begun and not ended. */
  inMessage: boolean
  readonly control: Buffer
  controlLength: number
}

const backlogBytesMax = 65_536
const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export function beginMessages(session: Session, matcher: Matcher): Messages {
  const messages: Messages = {
    scrubbed: createScrubbed(matcher, (bytes) => {
      const head = Buffer.alloc(frameHeadBytesMax)
      const at = writeFrameHead(head, frameHeadBytesMax, nextOpcode(messages), false, bytes.length)
      session.bytesOut += bytes.length
      session.write(Buffer.concat([head.subarray(at), bytes]))
    }),
    head: Buffer.alloc(frameHeadBytesMax),
    headLength: 0,
    remaining: 0,
    inFrame: false,
    final: false,
    opcode: 0,
    writing: 0,
    inMessage: false,
    control: Buffer.alloc(limits.websocketControlBytesMax),
    controlLength: 0,
  }
  beginScrubbed(messages.scrubbed, false, false)
  return messages
}

/** What the upstream sent after the switch; false where the app has to take what it has before more is read. */
export function receiveMessages(
  session: Session,
  messages: Messages,
  bytes: Buffer,
  start: number,
  end: number,
): boolean {
  try {
    let at = start
    while (at < end || (messages.inFrame && messages.remaining === 0)) {
      at = messages.inFrame ? takePayload(session, messages, bytes, at, end) : takeHead(messages, bytes, at, end)
    }
  } catch (error) {
    session.fail(error)
    return false
  }
  return session.socket.writableLength <= backlogBytesMax
}

function takeHead(messages: Messages, bytes: Buffer, start: number, end: number): number {
  const { head } = messages
  let at = start
  while (at < end) {
    head[messages.headLength++] = bytes[at++] as number
    const length = messages.headLength
    if (length < 2) continue
    const first = head[0] as number
    const second = head[1] as number
    if ((first & 0x70) !== 0) throw malformed('uses an extension that was not negotiated')
    if ((second & 0x80) !== 0) throw malformed('is masked, which a server’s never is')
    const short = second & 0x7f
    const needed = short === 127 ? 10 : short === 126 ? 4 : 2
    if (length < needed) continue
    messages.remaining = short === 127 ? longLength(head) : short === 126 ? head.readUInt16BE(2) : short
    messages.final = (first & 0x80) !== 0
    messages.opcode = first & 0x0f
    messages.inFrame = true
    messages.headLength = 0
    messages.controlLength = 0
    checkFrame(messages)
    return at
  }
  return at
}

function longLength(head: Buffer): number {
  const length = head.readBigUInt64BE(2)
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('is longer than any message can be')
  return Number(length)
}

function checkFrame(messages: Messages): void {
  const { opcode, final, remaining, inMessage } = messages
  if (opcode >= opcodes.close) {
    if (opcode > opcodes.pong) throw malformed('has an unknown opcode')
    if (!final || remaining > limits.websocketControlBytesMax) throw malformed('is a control frame that is too long')
    return
  }
  if (opcode > opcodes.binary) throw malformed('has an unknown opcode')
  if ((opcode === opcodes.continuation) !== inMessage) throw malformed('does not go on with its message')
  if (!inMessage) messages.writing = opcode
  messages.inMessage = true
}

function takePayload(session: Session, messages: Messages, bytes: Buffer, start: number, end: number): number {
  const taken = Math.min(messages.remaining, end - start)
  messages.remaining -= taken
  const isOver = messages.remaining === 0
  if (isOver) messages.inFrame = false
  if (messages.opcode >= opcodes.close) {
    messages.controlLength += bytes.copy(messages.control, messages.controlLength, start, start + taken)
    wipe(bytes, start, start + taken)
    if (isOver) sendControl(session, messages)
    return start + taken
  }
  const { scrubbed } = messages
  const { front } = scrubbed.room
  const piece = withRoom(scrubbed.room, taken)
  bytes.copy(piece, front, start, start + taken)
  wipe(bytes, start, start + taken)
  const isEnd = isOver && messages.final
  const out = pushContent(scrubbed, piece, front, front + taken, isEnd ? 'event' : 'more')
  if (out.length > 0 || isEnd) {
    const at = out.byteOffset - piece.byteOffset
    const headStart = writeFrameHead(piece, at, nextOpcode(messages), isEnd, out.length)
    const frame = piece.subarray(headStart, at + out.length)
    session.bytesOut += frame.length
    session.write(frame)
  }
  if (isEnd) messages.inMessage = false
  return start + taken
}

/** The first frame of a message says what it is, the others that they go on. */
function nextOpcode(messages: Messages): number {
  const { writing } = messages
  messages.writing = opcodes.continuation
  return writing
}

function sendControl(session: Session, { scrubbed, control, controlLength, opcode }: Messages): void {
  const frame = Buffer.alloc(frameHeadBytesMax + controlLength)
  control.copy(frame, frameHeadBytesMax, 0, controlLength)
  wipe(control, 0, controlLength)
  if (scrubbed.matcher.scrub(frame, frameHeadBytesMax, frameHeadBytesMax, frame.length) >= 0) scrubbed.found = true
  const at = writeFrameHead(frame, frameHeadBytesMax, opcode, true, controlLength)
  session.bytesOut += frame.length - at
  session.write(frame.subarray(at))
}

const frameHeadBytesMax = 10

/** Writes a frame's head so that it ends at `end`, and returns its start. */
function writeFrameHead(into: Buffer, end: number, opcode: number, final: boolean, length: number): number {
  const start = end - (length > 65_535 ? 10 : length > 125 ? 4 : 2)
  into[start] = (final ? 0x80 : 0) | opcode
  into[start + 1] = length > 65_535 ? 127 : length > 125 ? 126 : length
  if (length > 65_535) into.writeBigUInt64BE(BigInt(length), start + 2)
  else if (length > 125) into.writeUInt16BE(length, start + 2)
  return start
}

function malformed(what: string): SallyportError {
  return new SallyportError('UPSTREAM_MALFORMED', `a WebSocket frame of the upstream ${what}`)
}
