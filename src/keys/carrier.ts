import type { Random } from './random.ts'

/**
 * How a key rides a request. A carrier sees bytes and writes bytes: the key is never a string here (strings cannot be
 * erased).
 */
export type Carrier = FieldCarrier | TargetCarrier | SigningCarrier

/** The key stands in a request field: `Authorization: Bearer KEY`, `X-Api-Key: KEY`, one cookie of `Cookie`. */
export interface FieldCarrier {
  readonly place: 'field'
  /** The form's id: `bearer`, `header`, `basic`. */
  readonly form: string
  /** The request field that carries the key, as it is written, and in lower case for comparing. */
  readonly name: string
  readonly field: string
  /** One line for people: `Authorization: Bearer KEY`. */
  readonly says: string
  /** Whether `value`, the received field value, carries exactly `phantom` in the key's place. */
  carries(value: Uint8Array, phantom: Uint8Array): boolean
  /** An upper bound of what `write` writes, in bytes. */
  lengthMax(receivedLength: number, keyLength: number): number
  /**
   * Writes the field value with `key` in the phantom's place, at `at`, and returns the end. `received` is a value for
   * which `carries` was true, or empty where a route says that the key goes along always. Leaves no other copy of the
   * key.
   */
  write(into: Uint8Array, at: number, key: Uint8Array, received: Uint8Array): number
}

/** Part of a byte range. */
export interface Span {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** The key stands in the request target: a query parameter, a segment of the path. */
export interface TargetCarrier {
  readonly place: 'target'
  readonly form: string
  readonly says: string
  /**
   * Every span of `target` (path and query as received, origin-form, RFC 9112 §3.2.1) that is `phantom` in the key's
   * place, in order. Not where it is only part of a value.
   */
  find(target: Uint8Array, phantom: Uint8Array): readonly Span[]
  /** An upper bound of what `write` writes, in bytes. */
  lengthMax(keyLength: number): number
  /** The part of a key that is secret on its own, where the rest is public; absent: only the whole key tells it. */
  core?(key: Uint8Array): Uint8Array
  /** Writes `key` for one span, percent-encoded as its place demands (RFC 3986 §2.1), and returns the end. */
  write(into: Uint8Array, at: number, key: Uint8Array): number
}

/** The key signs the request: the app signed with its phantom, the door verifies that and signs again with the key. */
export interface SigningCarrier {
  readonly place: 'signature'
  readonly form: string
  readonly says: string
  /** Fields by which a request of this form authenticates, in lower case. */
  readonly fields: readonly string[]
  /** A stand-in of about `length` characters that the app can decode as it decodes the key; absent: any text is one. */
  readonly phantom?: (random: Random, length: number) => string
  /** The signature in `request`; undefined where there is none of this form; a fault where it cannot be read. */
  read(request: SignedRequest, now: Date): Signature | SigningFault | undefined
}

/** A request as a signature sees it. Holds phantoms at most. */
export interface SignedRequest {
  readonly method: string
  /** As it will stand in the `Host` field. */
  readonly host: string
  /** Path and query as received, latin1. */
  readonly target: string
  /** In the order of the head, names in lower case, values latin1 without outer whitespace. */
  readonly fields: readonly { readonly name: string; readonly value: string }[]
}

/** Why a request cannot be signed again: one sentence, which names no value. */
export interface SigningFault {
  readonly fault: string
}

/** Calls `use` with the key's bytes, wiped when it returns: no hash object and no buffer may keep them. */
export type WithKey = <T>(use: (key: Uint8Array) => T) => T

export interface Signature {
  /** What must be had of the body before the head can be written: nothing, or all of it. */
  readonly body: 'none' | 'whole'
  /** Verifies with `phantom`, signs with the key. `body` is the whole content where that was asked for. */
  sign(phantom: Uint8Array, withKey: WithKey, body: Uint8Array): SignedEdits | SigningFault
}

/** What changes in the request. Signatures are no secrets of the app's upstream: they may be strings. */
export interface SignedEdits {
  /** `index` counts `SignedRequest.fields`. */
  readonly fields: readonly { readonly index: number; readonly value: string }[]
  /** The new target, where the signature stands in it. */
  readonly target?: string
  /** Where the body is signed piece by piece: it passes through here. */
  readonly pieces?: PieceSigner
}

/** Verifies and signs again a body that brings its own signatures (`aws-chunked`), at the same length. */
export interface PieceSigner {
  /** The content that can go on, or a fault: nothing more of the request may be sent then. Holds one piece at most. */
  push(content: Uint8Array): Uint8Array | SigningFault
  /** At the end of the body; a fault where it ended early. */
  end(): SigningFault | undefined
}

/** What a user writes to declare a carrier: the form's id names the first parameter. */
export interface CarrierForm {
  readonly id: string
  readonly title: string
  /** Parameter names in order; `choices` where only these values stand, `optional` where it may be left out. */
  readonly parameters: readonly {
    readonly name: string
    readonly choices?: readonly string[]
    readonly optional?: boolean
    readonly token?: boolean
    /** Longest value, characters; 128 unless named. */
    readonly lengthMax?: number
    /** Whether line ends may stand in it. */
    readonly hasLines?: boolean
    /** A whole number within these bounds. */
    readonly whole?: { readonly min: number; readonly max: number }
    /** What it is, one sentence for people; the form's title unless given. */
    readonly says?: string
  }[]
  /** Throws a SallyportError CONFIG_INVALID where the parameters do not fit together. */
  open(parameters: Readonly<Record<string, string>>): Carrier
}

/** A declared carrier as plain data, as the plan holds it. */
export interface CarrierPlan {
  readonly form: string
  readonly parameters: Readonly<Record<string, string>>
}
