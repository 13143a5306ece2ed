import type { Socket } from 'node:net'
import type { ErrorCode } from '../errors.ts'
import type { Body } from '../http1/body.ts'
import type { FieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import type { Problem } from '../http1/problem.ts'
import type { Matcher } from '../scrub/matcher.ts'
import type { Holder, Origin, Upstream } from './origin.ts'
import type { Scrubbed } from './scrubbed.ts'
import type { Messages } from './websocket.ts'

/** A side of the gateway: it decides what becomes of a request. `Peer` is what it knows of the connection. */
export interface Door<Peer> {
  readonly name: string
  /** Names that a request's trailers may not have. */
  readonly forbiddenTrailers: FieldNames
  /** Lets `head` pass or not. `head` is valid until the exchange ends. Must not throw. */
  admit(head: Head, peer: Peer): Admission
  /** Told once of each request that never became a head, or whose framing was broken: nothing of it was passed on. */
  refused(peer: Peer, problem: Problem): string
}

export type Admission = Refusal | Forward | TakeOver

export interface Refusal {
  readonly act: 'refuse'
  readonly problem: Problem
  readonly requestId: string
}

export interface Forward {
  readonly act: 'forward'
  /** Calls `then` when the decision is on record: the request leaves after that, or with a problem, never. */
  recorded(then: (problem?: Problem) => void): void
  readonly requestId: string
  readonly origin: Origin
  /** Absent where the body is held: `content.release` gives it. */
  readonly head?: OutgoingHead
  /** What is done with the request's content on its way; absent: it passes as it comes. */
  readonly content?: Inspected | Rewritten | Held
  /** What no answer may hold; absent: answers pass as they come. */
  readonly matcher?: Matcher | undefined
  /** Called once, when the exchange is over: the status that the client got, or the problem that ended it. */
  ended(outcome: Outcome): void
}

export interface OutgoingHead {
  /** Upper bound of what `write` writes. */
  readonly lengthMax: number
  /** Writes the outgoing head, final CRLF included, and returns its end. May be called again for a second try. */
  write(into: Uint8Array): number
}

/** The content passes unchanged and is looked at, piece by piece, in order, each before it is sent. */
export interface Inspected {
  readonly act: 'inspect'
  inspect(content: Buffer): Problem | undefined
}

/** The content is replaced by something of the same length, which may come later. */
export interface Rewritten {
  readonly act: 'rewrite'
  push(content: Uint8Array): Uint8Array | Problem
  end(): Problem | undefined
}

/** Nothing is sent before the whole content is there, at most `lengthMax` bytes. */
export interface Held {
  readonly act: 'hold'
  readonly lengthMax: number
  /** The head, and the content that goes out behind it (wiped once it is written). May be called again for a second try. */
  release(content: Buffer): { readonly head: OutgoingHead; readonly content: Uint8Array } | Problem
}

/** The door speaks on the connection itself from here on (CONNECT). `rest` is what came behind the head. */
export interface TakeOver {
  readonly act: 'take over'
  take(socket: Socket, rest: Buffer): void
}

export interface Outcome {
  readonly status: number
  readonly code?: ErrorCode
  readonly bytesIn: number
  readonly bytesOut: number
  /** A key was in the answer. */
  readonly echoed?: true | undefined
}

/** One client connection. */
export interface Session<Peer = unknown> {
  readonly socket: Socket
  readonly door: Door<Peer>
  readonly peer: Peer
  readonly head: Head
  readonly body: Body
  readonly answer: Answer
  /** What was read and is not used. */
  input: Buffer
  phase: 'head' | 'deciding' | 'holding' | 'body' | 'answer' | 'tunnel' | 'closing'
  forward: Forward | undefined
  /** The content that is held until all of it is there: the first `heldLength` bytes. */
  held: Buffer
  heldLength: number
  upstream: Upstream | undefined
  /** The client has ended its side. */
  inputEnded: boolean
  /** When the first byte of a head came that is not complete, or 0. */
  headSince: number
  bytesIn: number
  bytesOut: number
  /** Whether the request was given to the upstream a second time. */
  retried: boolean
  closed: boolean
  /** No more requests after this one. */
  closeAfter: boolean
  /** Writes to the client; `flushed` follows when it was taken, unless it was at once. */
  readonly write: (bytes: Uint8Array) => void
  readonly flushed: () => void
  /** The answer has been written whole. */
  readonly finish: () => void
  /** The exchange cannot go on: a problem document if the answer has not begun, otherwise the connection is cut. */
  readonly fail: (error: unknown) => void
  /** What an upstream tells. One for the connection: a request makes as little as it can. */
  readonly holder: Holder
  /** Takes our listeners off the socket, for whoever takes it over. */
  unlisten: () => void
}

/** Where the answer stands. */
export interface Answer {
  readonly head: Head
  readonly body: Body
  /** Bytes of a head that is not complete. */
  partial: Buffer
  /** A final head was written to the client. */
  begun: boolean
  /** Answers before the final one (1xx). */
  interims: number
  /** Nothing came behind the answer: the connection can serve another exchange. */
  clean: boolean
  closesClient: boolean
  /** The client is HTTP/1.0 and the answer chunked: only the content is passed on. */
  unchunk: boolean
  /** The client is HTTP/1.1, and the answer ended with its connection or is decoded: it is passed on in chunks. */
  rechunk: boolean
  /** Where keys are looked for in the answers of this connection. */
  scrubbed: Scrubbed | undefined
  /** Whether the content is passed on without its content coding: as one piece, or as it comes. */
  decoded: 'no' | 'whole' | 'stream'
  /** A key was found in it, and taken out. */
  echoed: boolean
  /** After a switch to WebSocket. */
  messages: Messages | undefined
}
