import { copyBytes } from '../http1/copy-bytes.ts'
import { fieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import { copyFields, hopByHopNames, isConnectionOption, put } from '../http1/write-head.ts'
import type { FieldCarrier, SignedEdits } from '../keys/carrier.ts'
import { plainBytes, writePercent } from '../keys/percent.ts'
import { limits } from '../limits.ts'
import { type Masked, secretBytes, unmaskInto, wipe } from '../secret/masked.ts'
import type { Credentials, FieldReplacement, SpanReplacement } from './credentials.ts'
import type { Wanted } from './request.ts'

/** What the outgoing head says besides what was received. */
export interface HeadChanges {
  readonly credentials: Credentials | undefined
  readonly edits: SignedEdits | undefined
  /** Of a body that was held and goes out whole; undefined: the body is framed as it came. */
  readonly contentLength: number | undefined
}

const ours = fieldNames([...hopByHopNames, 'host'], { fold: true })
const framing = fieldNames(['content-length', 'transfer-encoding', 'trailer', 'expect'], { fold: true })
const upgradeField = fieldNames(['upgrade'])
const space = Buffer.from(' ')
const slash = Buffer.from('/')
const afterTarget = Buffer.from(' HTTP/1.1\r\nHost: ')
const lineEnd = Buffer.from('\r\n')
const colon = Buffer.from(': ')
const connectionUpgrade = Buffer.from('Connection: upgrade\r\n')
const acceptEncoding = Buffer.from('Accept-Encoding: ')
const contentLengthName = Buffer.from('Content-Length: ')
/** The one place where an unmasked key stands, for the microseconds in which a carrier writes it. */
const unmasked = secretBytes(limits.keyBytesMax)

/** Upper bound of what `writeRequestHead` writes. */
export function requestHeadLengthMax(head: Head, wanted: Wanted, { credentials, edits }: HeadChanges): number {
  let length = head.end - head.start + wanted.authority.text.length + 160
  if (!credentials) return length
  length += (credentials.acceptEncoding?.length ?? 0) + 32
  for (const { field, key, carrier } of credentials.fields) {
    const received = field < 0 ? 0 : (head.places[field * 4 + 3] as number) - (head.places[field * 4 + 2] as number)
    length += carrier.name.length + carrier.lengthMax(received, key.masked.length) + 4
  }
  for (const { key, carrier } of credentials.spans)
    length += carrier ? carrier.lengthMax(key.masked.length) : key.masked.length * 3
  for (const { value } of edits?.fields ?? []) length += value.length
  return length + (edits?.target?.length ?? 0)
}

/** Writes the head that goes to the upstream, the keys in their places, and returns its end. */
export function writeRequestHead(into: Uint8Array, head: Head, wanted: Wanted, changes: HeadChanges): number {
  const { credentials, edits, contentLength } = changes
  const { bytes, places } = head
  let at = put(into, 0, methodBytes(head))
  at = put(into, at, space)
  at = writeTarget(into, at, head, wanted, changes)
  at = put(into, at, afterTarget)
  at = put(into, at, wanted.act === 'plain' ? wanted.authority.plainField : wanted.authority.tlsField)
  at = put(into, at, lineEnd)
  const edited = edits?.fields ?? []
  at = copyFields(head, into, at, (_head, index) => {
    if (credentials && head.marks[index] === 1) return true
    const [start, end] = [places[index * 4] as number, places[index * 4 + 1] as number]
    if (contentLength !== undefined && framing.find(bytes, start, end) >= 0) return true
    if (edited.length > 0 && edited.some((edit) => edit.index === index)) return true
    if (head.upgrade && upgradeField.find(bytes, start, end) >= 0) return false
    return ours.find(bytes, start, end) >= 0 || isConnectionOption(head, index)
  })
  if (head.upgrade) at = put(into, at, connectionUpgrade)
  if (contentLength !== undefined) {
    at = put(into, at, contentLengthName)
    at = put(into, at, Buffer.from(`${contentLength}\r\n`))
  }
  if (!credentials) return put(into, at, lineEnd)
  if (credentials.acceptEncoding) {
    at = put(into, at, acceptEncoding)
    at = put(into, at, credentials.acceptEncoding)
    at = put(into, at, lineEnd)
  }
  for (const { index, value } of edited) {
    at = copyBytes(bytes, places[index * 4] as number, places[index * 4 + 1] as number, into, at)
    at = put(into, at, colon)
    at = put(into, at, Buffer.from(value, 'latin1'))
    at = put(into, at, lineEnd)
  }
  for (const replacement of credentials.fields) at = writeField(into, at, head, replacement)
  if (credentials.spans.length > 0) at = writeSpannedFields(into, at, head, credentials.spans)
  return put(into, at, lineEnd)
}

function writeTarget(into: Uint8Array, start: number, head: Head, wanted: Wanted, changes: HeadChanges): number {
  const { bytes } = head
  if (changes.edits?.target !== undefined) return put(into, start, Buffer.from(changes.edits.target, 'latin1'))
  let at = start
  if (bytes[wanted.pathStart] !== 0x2f && bytes[wanted.pathStart] !== 0x2a) at = put(into, at, slash)
  const spans = changes.credentials?.spans.filter(({ field }) => field < 0) ?? []
  return copyWithKeys(into, at, bytes, wanted.pathStart, wanted.pathEnd, spans)
}

/** Fields that are no carrier's and hold a phantom: one line each, the key in each of its places. */
function writeSpannedFields(into: Uint8Array, start: number, head: Head, spans: readonly SpanReplacement[]): number {
  const { bytes, places } = head
  let at = start
  for (const field of new Set(spans.map((span) => span.field))) {
    if (field < 0) continue
    const own = spans.filter((span) => span.field === field)
    at = copyWithKeys(into, at, bytes, places[field * 4] as number, places[field * 4 + 3] as number, own)
    at = put(into, at, lineEnd)
  }
  return at
}

function copyWithKeys(
  into: Uint8Array,
  start: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  spans: readonly SpanReplacement[],
): number {
  let at = start
  let read = from
  for (const span of spans) {
    at = copyBytes(bytes, read, span.start, into, at)
    at = writeUnmasked(span.key.masked, (key) =>
      span.carrier ? span.carrier.write(into, at, key) : writeElsewhere(into, at, bytes, span, key),
    )
    read = span.end
  }
  return copyBytes(bytes, read, to, into, at)
}

/** In the target a key may not end the place in which it stands (RFC 3986 §3.3, §3.4). */
function writeElsewhere(
  into: Uint8Array,
  at: number,
  bytes: Uint8Array,
  { start, field }: SpanReplacement,
  key: Uint8Array,
): number {
  if (field >= 0) return put(into, at, key)
  const query = bytes.indexOf(0x3f)
  return writePercent(into, at, key, query >= 0 && query < start ? plainInQuery : plainInPath)
}

const plainInQuery = plainBytes()
const plainInPath = plainBytes("!$&'()*+,;=:@")

function writeField(into: Uint8Array, start: number, head: Head, { field, key, carrier }: FieldReplacement): number {
  const received =
    field < 0
      ? nothing
      : head.bytes.subarray(head.places[field * 4 + 2] as number, head.places[field * 4 + 3] as number)
  let at = put(into, start, nameBytes(carrier))
  at = put(into, at, colon)
  at = writeUnmasked(key.masked, (bytes) => carrier.write(into, at, bytes, received))
  return put(into, at, lineEnd)
}

const nothing = new Uint8Array(0)

/** Calls `write` with the key's bytes, which are wiped when it returns. */
export function writeUnmasked<T>(masked: Masked, write: (key: Uint8Array) => T): T {
  const { length } = masked
  try {
    unmaskInto(masked, unmasked, 0)
    return write(unmasked.subarray(0, length))
  } finally {
    wipe(unmasked, 0, length)
  }
}

const namesOfCarriers = new WeakMap<FieldCarrier, Buffer>()

function nameBytes(carrier: FieldCarrier): Buffer {
  let bytes = namesOfCarriers.get(carrier)
  if (!bytes) {
    bytes = Buffer.from(carrier.name)
    namesOfCarriers.set(carrier, bytes)
  }
  return bytes
}

function methodBytes(head: Head): Uint8Array {
  // Behind an empty line that came before the request line.
  const end = head.targetStart - 1
  return head.bytes.subarray(end - head.method.length, end)
}
