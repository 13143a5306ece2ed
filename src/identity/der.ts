/** One element of DER, with views into the bytes that it was read from. */
export interface DerElement {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number
  /** The whole element, header included. */
  readonly raw: Buffer
  readonly contents: Buffer
  /** What a constructed element holds; empty for a primitive one. */
  readonly children: readonly DerElement[]
}

export interface DerProblem {
  readonly says: string
  /** Octets from the start. */
  readonly at: number
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** X.509 nests about ten deep; a revocation list of a large CA has some hundred thousand elements. */
const depthMax = 24
const elementsMax = 1_000_000

/**
 * Reads one element that fills `bytes` completely, strictly by X.690: definite lengths in their shortest form, and the
 * universal types in their one DER encoding. Never throws, and takes time linear in the length.
 */
export function readDer(bytes: Uint8Array): { readonly element: DerElement } | { readonly problem: DerProblem } {
  const der = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const state: State = { der, elements: 0, problem: undefined }
  const element = readElement(state, 0, der.length, 0)
  if (element && element.raw.length < der.length) fail(state, element.raw.length, 'octets follow the end')
  if (state.problem) return { problem: state.problem }
  return element ? { element } : { problem: { says: 'is empty', at: 0 } }
}

interface State {
  readonly der: Buffer
  elements: number
  problem: DerProblem | undefined
}

function fail(state: State, at: number, says: string): undefined {
  state.problem ??= { says, at }
  return undefined
}

function readElement(state: State, start: number, end: number, depth: number): DerElement | undefined {
  const { der } = state
  state.elements += 1
  if (state.elements > elementsMax) return fail(state, start, `holds more than ${elementsMax} elements`)
  if (depth > depthMax) return fail(state, start, `is nested more than ${depthMax} deep`)
  const tag = start < end ? der[start] : undefined
  if (tag === undefined) return fail(state, start, 'ends too early')
  // No type of X.509 has a number above 30.
  if ((tag & 0x1f) === 0x1f) return fail(state, start, 'has a tag of several octets')
  const header = readLength(state, start + 1, end)
  if (!header) return undefined
  const { from, length } = header
  if (length > end - from) return fail(state, start, 'is longer than what holds it')
  const contents = der.subarray(from, from + length)
  const children: DerElement[] = []
  if ((tag & 0x20) !== 0) {
    for (let at = from; at < from + length; ) {
      const child = readElement(state, at, from + length, depth + 1)
      if (!child) return undefined
      children.push(child)
      at += child.raw.length
    }
  }
  const says = encodingProblem(tag, contents)
  if (says) return fail(state, start, says)
  return { tag, raw: der.subarray(start, from + length), contents, children }
}

function readLength(state: State, at: number, end: number): { from: number; length: number } | undefined {
  const first = at < end ? state.der[at] : undefined
  if (first === undefined) return fail(state, at, 'ends too early')
  if (first < 0x80) return { from: at + 1, length: first }
  const octets = first & 0x7f
  if (octets === 0) return fail(state, at, 'has an indefinite length')
  if (octets > 4) return fail(state, at, 'has a length of more than four octets')
  if (at + 1 + octets > end) return fail(state, at, 'ends too early')
  const length = state.der.readUIntBE(at + 1, octets)
  if (length < 0x80 || length < 256 ** (octets - 1))
    return fail(state, at, 'has a length that is not in its shortest form')
  return { from: at + 1 + octets, length }
}

/** What is wrong with the encoding of a universal type; the other classes have none of their own. */
function encodingProblem(tag: number, contents: Buffer): string | undefined {
  if (tag >= 0x40) return undefined
  const number = tag & 0x1f
  const isConstructed = (tag & 0x20) !== 0
  if (isConstructed !== (number === 0x10 || number === 0x11)) return 'has a type that is not encoded this way'
  switch (number) {
    case tags.boolean:
      return contents.length === 1 && (contents[0] === 0 || contents[0] === 0xff)
        ? undefined
        : 'is not a boolean of DER'
    case tags.integer:
    case tags.enumerated:
      return isShortestInteger(contents) ? undefined : 'is not an integer in its shortest form'
    case tags.bitString:
      return isBitString(contents) ? undefined : 'is not a bit string of DER'
    case tags.null:
      return contents.length === 0 ? undefined : 'is a null with contents'
    case tags.objectIdentifier:
      return isObjectIdentifier(contents) ? undefined : 'is not an object identifier'
    default:
      return undefined
  }
}

function isShortestInteger(contents: Buffer): boolean {
  const [first, second] = contents
  if (first === undefined) return false
  if (second === undefined) return true
  return !(first === 0 && second < 0x80) && !(first === 0xff && second >= 0x80)
}

function isBitString(contents: Buffer): boolean {
  const [unused] = contents
  if (unused === undefined || unused > 7) return false
  if (contents.length === 1) return unused === 0
  return ((contents.at(-1) ?? 0) & ((1 << unused) - 1)) === 0
}

function isObjectIdentifier(contents: Buffer): boolean {
  if (contents.length === 0 || contents.length > 64 || (contents.at(-1) ?? 0) >= 0x80) return false
  let isStart = true
  for (const octet of contents) {
    if (isStart && octet === 0x80) return false
    isStart = octet < 0x80
  }
  return true
}

/** Dotted decimal of an object identifier's contents, which `readDer` found good. */
export function objectIdentifierText(contents: Buffer): string {
  const arcs: bigint[] = []
  let arc = 0n
  for (const octet of contents) {
    arc = (arc << 7n) | BigInt(octet & 0x7f)
    if (octet >= 0x80) continue
    arcs.push(arc)
    arc = 0n
  }
  const [joined = 0n, ...rest] = arcs
  const first = joined < 80n ? joined / 40n : 2n
  return [first, joined - first * 40n, ...rest].join('.')
}
