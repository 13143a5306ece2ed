import type { Socket } from 'node:net'
import { limits } from '../limits.ts'
import type { Matcher } from '../scrub/matcher.ts'
import { secretBytes, wipe } from '../secret/masked.ts'

/** How a connection hands over what it reads: into buffers that are used again, so that nothing piles up for a collector. */
export interface ReadInto {
  /** Asked before the first read and after each one. */
  readonly buffer: () => Uint8Array
  /** False stops reading until `resumeReading`. */
  readonly callback: (length: number, buffer: Uint8Array) => boolean
}

/**
 * Opens a connection that is ready to be written to: connected, and with TLS, after 'secureConnect' and the check of
 * the peer (a write before that leaves copies in Node's queue). Rejects with a SallyportError.
 */
export type Dial = (readInto: ReadInto) => Promise<Socket>

/** Where requests go: a dial and the connections that it made and that are free. */
export interface Origin {
  readonly name: string
  readonly dial: Dial
  readonly idle: Upstream[]
  readonly room: Room
}

/** Bytes of each read buffer that stand free in front of what is read and behind it, for whoever rewrites answers. */
export interface Room {
  readonly front: number
  readonly behind: number
}

const noRoom: Room = { front: 0, behind: 0 }

/** Who has a connection. Told of what is read, and once of its end. */
export interface Holder {
  /**
   * `bytes[start…end)` were read. They are lent for the call, with the origin's room around them. False says that they
   * are still in use (written, and not yet taken by the system): they stay untouched, and reading stops, until
   * `resumeReading`.
   */
  receive(bytes: Buffer, start: number, end: number): boolean
  ended(upstream: Upstream, error?: Error): void
  /** Nothing came for as long as `answerTimeoutMs`. */
  timedOut(): void
}

/** One connection to an origin, held by one exchange at a time. */
export interface Upstream {
  readonly socket: Socket
  readonly origin: Origin
  holder: Holder | undefined
  /** How many exchanges it has served. */
  served: number
  /** For the head, key included: wiped after each write. */
  out: Uint8Array
  /** Bytes of `out` that hold a head which is not known to be written. */
  dirty: number
  ended: boolean
  /** When it was given back, by performance.now(). */
  idleSince: number
  readonly reading: ReadBuffers
}

/**
 * Read buffers of one connection. More than one, because TLS hands over all records that it has decrypted even after it
 * was told to stop reading: each must go where nothing waits to be written.
 */
interface ReadBuffers {
  current: Buffer
  /** Still in use by whoever received them. */
  readonly lent: Buffer[]
  readonly free: Buffer[]
  /** The most that was read at once since they were wiped. */
  dirty: number
}

/** One TLS record (RFC 8446 §5.1). */
const readBufferBytes = 16_384
/** Free ones that are kept for the next time. */
const readBuffersMax = 2
const headBufferBytes = 4_096

export function createOrigin(name: string, dial: Dial, room: Room = noRoom): Origin {
  return { name, dial, idle: [], room }
}

/** Room for what is held back of an answer in which `matcher` looks for keys, and for the lines around a chunk. */
export function roomFor({ longest }: Matcher): Room {
  return { front: longest + chunkLineBytes, behind: chunkLineBytes }
}

/** A chunk's size in hexadecimal, CR LF and to spare (RFC 9112 §7.1); CR LF, the last chunk and an empty line. */
const chunkLineBytes = 16

/** A free connection, or a new one. */
export function acquire(origin: Origin): Upstream | Promise<Upstream> {
  for (let upstream = origin.idle.pop(); upstream; upstream = origin.idle.pop()) {
    if (upstream.ended || upstream.socket.destroyed) continue
    if (performance.now() - upstream.idleSince < limits.upstreamIdleTimeoutMs) return upstream
    // The other side is likely to close it just now.
    upstream.socket.destroy()
  }
  return open(origin)
}

async function open(origin: Origin): Promise<Upstream> {
  const { front, behind } = origin.room
  const makeBuffer = () => Buffer.allocUnsafeSlow(front + readBufferBytes + behind)
  const reading: ReadBuffers = { current: makeBuffer(), lent: [], free: [], dirty: 0 }
  let readInto = reading.current.subarray(front, front + readBufferBytes)
  let upstream: Upstream | undefined
  const socket = await origin.dial({
    buffer: () => readInto,
    callback(length) {
      // Without a holder nothing may come: an answer that nobody asked for would be taken for the next one.
      if (!upstream?.holder) {
        socket.destroy()
        return false
      }
      const bytes = reading.current
      reading.dirty = Math.max(reading.dirty, length)
      const isDone = upstream.holder.receive(bytes, front, front + length)
      if (!isDone) {
        reading.lent.push(bytes)
        reading.current = reading.free.pop() ?? makeBuffer()
        readInto = reading.current.subarray(front, front + readBufferBytes)
      }
      return isDone
    },
  })
  const opened: Upstream = {
    socket,
    origin,
    holder: undefined,
    served: 0,
    out: secretBytes(headBufferBytes),
    dirty: 0,
    ended: false,
    idleSince: 0,
    reading,
  }
  upstream = opened
  socket.setNoDelay(true)
  // Once, and not for each exchange: every byte in or out winds it up again.
  socket.setTimeout(limits.answerTimeoutMs)
  socket.on('end', () => end(opened))
  socket.on('error', (error) => end(opened, error))
  socket.on('close', () => {
    end(opened)
    // TLS reads on for a moment after it was told to end, and tells nobody.
    reading.dirty = readBufferBytes
    wipeRead(opened)
  })
  socket.on('timeout', () => {
    if (opened.holder) opened.holder.timedOut()
    else socket.destroy()
  })
  if (socket.destroyed) end(opened)
  return opened
}

function end(upstream: Upstream, error?: Error): void {
  if (upstream.ended) return
  upstream.ended = true
  wipe(upstream.out, 0, upstream.dirty)
  const { holder } = upstream
  if (!holder) upstream.socket.destroy()
  holder?.ended(upstream, error)
}

/**
 * Writes a head of at most `lengthMax` bytes that `write` makes (it returns the end), and `extra` behind it. The buffer
 * is wiped as soon as the system has taken the bytes.
 */
export function writeSecretHead(
  upstream: Upstream,
  lengthMax: number,
  write: (into: Uint8Array) => number,
  extra: Uint8Array | undefined,
): void {
  const needed = lengthMax + (extra?.length ?? 0)
  // A fast answer can come before the system has said that it took the request: that buffer is wiped by its own write.
  if (upstream.out.length < needed || upstream.dirty > 0) {
    upstream.out = secretBytes(Math.ceil(needed / headBufferBytes) * headBufferBytes)
  }
  const { out } = upstream
  let length = write(out)
  if (extra) {
    out.set(extra, length)
    length += extra.length
  }
  upstream.dirty = length
  upstream.socket.write(Buffer.from(out.buffer, 0, length), () => {
    wipe(out, 0, length)
    if (upstream.out === out) upstream.dirty = 0
  })
}

/** What was received and kept is done with: reading goes on. */
export function resumeReading({ reading, socket }: Upstream): void {
  // Nothing is lent: reading was never stopped.
  if (reading.lent.length === 0) return
  for (const buffer of reading.lent.splice(0)) if (reading.free.length < readBuffersMax) reading.free.push(buffer)
  socket.resume()
}

/** An answer that was searched may have held a key which nobody overwrote: it was refused, or came in a content coding. */
function wipeRead({ reading, origin }: Upstream): void {
  const { front, behind } = origin.room
  if (front === 0) return
  const end = front + reading.dirty + behind
  wipe(reading.current, 0, end)
  for (const buffer of reading.free) wipe(buffer, 0, end)
  reading.dirty = 0
}

/** Gives a connection back that has served a whole exchange and is in no doubt about where the next answer begins. */
export function release(upstream: Upstream): void {
  upstream.holder = undefined
  upstream.served++
  const { socket, origin } = upstream
  resumeReading(upstream)
  wipeRead(upstream)
  if (upstream.ended || socket.destroyed || origin.idle.length >= limits.upstreamIdleMax) {
    socket.destroy()
    return
  }
  upstream.idleSince = performance.now()
  origin.idle.push(upstream)
}

/** Ends a connection whose state is not known, or whose exchange was broken off. */
export function discard(upstream: Upstream): void {
  upstream.holder = undefined
  // What is lent may still have to be written.
  wipeRead(upstream)
  upstream.socket.destroy()
}

/** Closes what is idle. */
export function closeOrigin(origin: Origin): void {
  for (const upstream of origin.idle.splice(0)) upstream.socket.destroy()
}
