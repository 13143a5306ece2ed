import type { Carrier } from './carrier.ts'
import type { Random } from './random.ts'

/** What a key looks like. */
export interface Shape {
  /** Every key begins with one of these; they are public and say nothing of the key. Lower limit three characters. */
  readonly prefixes: readonly string[]
  /** The whole key, no anchors, no groups that are read, no nested quantifiers; matched at a place where a prefix stands. */
  readonly pattern: RegExp
  /** Whether a text that matches `pattern` has a right checksum; absent where the kind has none. */
  readonly checksum?: (text: string) => boolean
  /** Whether a text that matches `pattern` is of those that people write where no secret is meant. */
  readonly isPlaceholder?: (text: string) => boolean
}

/** The public part of a real key, which a phantom takes over: SDKs tell test mode from live mode by it. */
export interface Likeness {
  /** Empty where the key begins with none of its kind's prefixes. */
  readonly prefix: string
  readonly length: number
  /** Where its kind says that there is a public end. */
  readonly end?: string
}

/** What a key looks like, which hosts it is for, and how it is carried. */
export interface KeyKind {
  readonly id: string
  readonly title: string
  /** `travels`: sent to its hosts; `signs`: signs what is sent; `stays`: never leaves the app, so never replaced. */
  readonly use: 'travels' | 'signs' | 'stays'
  /** Absent where a key has no recognisable form: such a kind is only known by its name in the environment. */
  readonly shape?: Shape
  /**
   * For keys without a shape, older ones of a kind that has one now included: what the whole of such a key looks like,
   * no anchors. A value that fits is a key where it stands under one of the names in `environment`.
   */
  readonly fits?: RegExp
  /**
   * Why a key that is recognised is not taken out of the environment unasked, as the half sentence that
   * follows its title: apps do something with it that a phantom cannot.
   */
  readonly leftUnasked?: string
  /** The public half of a key, without which a value that fits is not taken: an access key's id tells its issuer. */
  readonly beside?: { readonly variable: string; readonly fits: RegExp; example(random: Random): string }
  /** The character with which a short public end of the key begins: libraries read the region from it. */
  readonly publicEnd?: string
  /** Authorities; port 443 unless named; `*.` at the front stands for one or more labels. Empty for what stays. */
  readonly hosts: readonly string[]
  readonly carriers: readonly Carrier[]
  /** Names under which apps usually find it. */
  readonly environment: readonly string[]
  /** Variables that its SDKs take a base URL from, and what stands behind the door's own address there (`/v1`). */
  readonly baseUrls?: readonly { readonly variable: string; readonly path: string }[]
  /** A worthless text of the right shape, checksum included: for tests, examples and pages. */
  example(random: Random): string
  /** A worthless stand-in of the right shape, at least 64 random bits, marked so that a person recognises it. */
  phantom(random: Random, like: Likeness): string
  /** Where the issuer documents the key. */
  readonly documentation: string
}

/** Whether the whole of `text` is a key of this kind, by shape and checksum. */
export function isKey(kind: KeyKind, text: string): boolean {
  return keyAt(kind, text, 0) === text.length && text.length > 0
}

/** Whether the value of `variable` is a key of this kind by its name: for keys without a shape. */
export function isNamedKey(
  kind: KeyKind,
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { fits, beside } = kind
  if (!fits || !kind.environment.includes(variable)) return false
  return (
    isOfForm(fits, environment[variable]) &&
    (beside === undefined || isOfForm(beside.fits, environment[beside.variable]))
  )
}

/** Whether the whole of `text` is of a form, which is written without anchors. */
export function isOfForm(form: RegExp, text = ''): boolean {
  return new RegExp(`^(?:${form.source})$`, form.flags).test(text.trim())
}

/** The end of the key of this kind that begins at `start` in `text`, or -1. Does not look at what follows the key. */
export function keyAt(kind: KeyKind, text: string, start: number): number {
  const { shape } = kind
  if (!shape?.prefixes.some((prefix) => text.startsWith(prefix, start))) return -1
  const sticky = stickyPattern(shape)
  sticky.lastIndex = start
  const found = sticky.exec(text)
  if (!found) return -1
  return shape.checksum && !shape.checksum(found[0]) ? -1 : start + found[0].length
}

/** The public parts of a key and its length, from its bytes, without making a string of the rest. */
export function likenessOf(kind: KeyKind, key: Uint8Array): Likeness {
  const prefixes = kind.shape?.prefixes ?? []
  const prefix = prefixes.find((text) =>
    Buffer.from(key.buffer, key.byteOffset, Math.min(text.length, key.length)).equals(Buffer.from(text)),
  )
  const end = publicEndOf(kind, key)
  return { prefix: prefix ?? '', length: key.length, ...(end === undefined ? {} : { end }) }
}

/** At most this much of a key is public at its end; more would be a part of the secret. */
const publicEndMax = 6

function publicEndOf({ publicEnd }: KeyKind, key: Uint8Array): string | undefined {
  if (publicEnd === undefined) return undefined
  const at = key.lastIndexOf(publicEnd.charCodeAt(0))
  if (at < 0 || key.length - at > publicEndMax) return undefined
  return Buffer.from(key.buffer, key.byteOffset + at, key.length - at).toString('latin1')
}

const stickyPatterns = new WeakMap<Shape, RegExp>()

function stickyPattern(shape: Shape): RegExp {
  let sticky = stickyPatterns.get(shape)
  if (!sticky) {
    sticky = new RegExp(shape.pattern.source, `${shape.pattern.flags.replace(/[gy]/g, '')}y`)
    stickyPatterns.set(shape, sticky)
  }
  return sticky
}
