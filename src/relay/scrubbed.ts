import { SallyportError } from '../errors.ts'
import { limits } from '../limits.ts'
import { type ContentCoding, createDecoder, type Decoder } from '../scrub/codings.ts'
import type { Matcher } from '../scrub/matcher.ts'
import { type Room, roomFor } from './origin.ts'

/** The content of one answer on its way, the keys taken out. One object serves a connection's answers one by one. */
export interface Scrubbed {
  readonly matcher: Matcher
  readonly room: Room
  /** We frame the content anew, in chunks: what the upstream wrote around it is not passed on. */
  chunked: boolean
  /** An event stream, whose lines may end with CR alone. */
  events: boolean
  /** The last bytes of the content so far: a key can begin in them. */
  readonly tail: Buffer
  tailLength: number
  /** How many of `tail` the client already has. */
  released: number
  /** A key was in this answer. */
  found: boolean
  decoder: Decoder | undefined
  /** Pieces of a read buffer that the decoder still reads. */
  decoding: number
  timer: NodeJS.Timeout | undefined
  /** When the last content came, ms; 0: nothing is held back. */
  heldSince: number
  readonly letGo: (bytes: Buffer) => void
}

const lastChunk = Buffer.from('0\r\n')
const lineEnd = Buffer.from('\r\n')

/** `letGo` is given what was held back and is let go because nothing followed. */
export function createScrubbed(matcher: Matcher, letGo: (bytes: Buffer) => void): Scrubbed {
  return {
    matcher,
    room: roomFor(matcher),
    chunked: false,
    events: false,
    tail: Buffer.allocUnsafeSlow(matcher.longest),
    tailLength: 0,
    released: 0,
    found: false,
    decoder: undefined,
    decoding: 0,
    timer: undefined,
    heldSince: 0,
    letGo,
  }
}

export function beginScrubbed(scrubbed: Scrubbed, chunked: boolean, events: boolean): void {
  scrubbed.chunked = chunked
  scrubbed.events = events
  scrubbed.tailLength = 0
  scrubbed.released = 0
  scrubbed.found = false
}

/** Ends what is left of an answer: nothing more of it is let go. */
export function endScrubbed(scrubbed: Scrubbed): void {
  scrubbed.decoder?.destroy()
  scrubbed.decoder = undefined
  scrubbed.decoding = 0
  scrubbed.tailLength = 0
  scrubbed.released = 0
  if (scrubbed.timer) clearTimeout(scrubbed.timer)
  scrubbed.timer = undefined
}

/** A buffer with room around `length` bytes from `room.front` on. */
export function withRoom({ front, behind }: Room, length: number): Buffer {
  return Buffer.allocUnsafe(front + length + behind)
}

/** What comes behind a piece: more, more after an event is over, or nothing. */
type Until = 'more' | 'event' | 'end'

/**
 * Takes `bytes[start…end)`, around which there is room, as the next content, and returns what can be sent of it and of
 * what was held back, framed, as a part of `bytes`. What is held back does not depend on the content. Throws
 * KEY_IN_ANSWER when a key is complete of which the client has the first part.
 */
export function pushContent(scrubbed: Scrubbed, bytes: Buffer, start: number, end: number, until: Until): Buffer {
  const { matcher, tail, tailLength } = scrubbed
  const from = start - tailLength
  if (tailLength > 0) tail.copy(bytes, from, 0, tailLength)
  const sent = from + scrubbed.released
  const last = until === 'end'
  const isEnd = until !== 'more' || endsLine(scrubbed, bytes, from, end)
  const hit = matcher.scrub(bytes, from, start, end, !isEnd)
  if (hit >= 0) scrubbed.found = true
  if (hit >= 0 && hit < sent) {
    throw new SallyportError(
      'KEY_IN_ANSWER',
      'the upstream sent a key back with a pause inside it; the answer was cut before its end',
    )
  }
  const holdsBack = Math.min(matcher.longest - 1, end - from)
  const to = isEnd ? end : Math.max(sent, end - holdsBack)
  bytes.copy(tail, 0, end - holdsBack, end)
  scrubbed.tailLength = last ? 0 : holdsBack
  scrubbed.released = last ? 0 : Math.max(0, to - (end - holdsBack))
  watch(scrubbed, end > start)
  return scrubbed.chunked ? frame(bytes, sent, to, last) : bytes.subarray(sent, to)
}

/**
 * A line's end cannot stand inside a key, in no spelling: nothing that begins before it goes on behind it. Events of an
 * event stream end with one as well, which may be CR alone (HTML standard, server-sent events).
 */
function endsLine({ events }: Scrubbed, bytes: Buffer, start: number, end: number): boolean {
  if (end === start) return false
  const last = bytes[end - 1]
  return last === 10 || (events && last === 13)
}

/** One chunk, written around its content; the last one too where there are no trailers. */
function frame(bytes: Buffer, start: number, end: number, last: boolean): Buffer {
  let from = start
  let to = end
  if (end > start) {
    const size = (end - start).toString(16)
    from = start - size.length - 2
    bytes.write(`${size}\r\n`, from, 'latin1')
    to = lineEnd.copy(bytes, end) + end
  }
  if (last) to += lastChunk.copy(bytes, to)
  return bytes.subarray(from, to)
}

/** A timer that runs as long as something is held back, and is not wound up for each piece. */
function watch(scrubbed: Scrubbed, isNew: boolean): void {
  if (scrubbed.tailLength === scrubbed.released) {
    scrubbed.heldSince = 0
    return
  }
  if (isNew || scrubbed.heldSince === 0) scrubbed.heldSince = performance.now()
  scrubbed.timer ??= setTimeout(() => expire(scrubbed), limits.holdBackMs)
}

function expire(scrubbed: Scrubbed): void {
  scrubbed.timer = undefined
  if (scrubbed.heldSince === 0 || scrubbed.tailLength === scrubbed.released) return
  const left = scrubbed.heldSince + limits.holdBackMs - performance.now()
  if (left > 1) {
    scrubbed.timer = setTimeout(() => expire(scrubbed), left)
    return
  }
  scrubbed.letGo(letGoHeld(scrubbed))
}

function letGoHeld(scrubbed: Scrubbed): Buffer {
  const { tail, tailLength, released, room, chunked, matcher } = scrubbed
  if (matcher.scrub(tail, 0, tailLength, tailLength) >= 0) scrubbed.found = true
  const bytes = withRoom(room, tailLength - released)
  const end = room.front + tail.copy(bytes, room.front, released, tailLength)
  scrubbed.released = tailLength
  scrubbed.heldSince = 0
  return chunked ? frame(bytes, room.front, end, false) : bytes.subarray(room.front, end)
}

/** Decodes the content from here on; `data` gets each piece with room around it. */
export function decodeContent(
  scrubbed: Scrubbed,
  codings: readonly ContentCoding[],
  on: {
    readonly data: (bytes: Buffer, start: number, end: number) => void
    readonly done: () => void
    readonly failed: (error: SallyportError) => void
  },
): void {
  const decoder = createDecoder(codings, {
    data(decoded) {
      if (scrubbed.decoder !== decoder) return
      const { front } = scrubbed.room
      const bytes = withRoom(scrubbed.room, decoded.length)
      on.data(bytes, front, front + decoded.copy(bytes, front))
    },
    done() {
      if (scrubbed.decoder === decoder) on.done()
    },
    failed(error) {
      if (scrubbed.decoder === decoder) on.failed(error)
    },
  })
  scrubbed.decoder = decoder
}
