import { fieldNames } from '../http1/field-names.ts'
import type { Head } from '../http1/head.ts'
import { overridesOf } from '../http1/overrides.ts'
import type { Problem } from '../http1/problem.ts'
import { hopByHopNames } from '../http1/write-head.ts'
import type { FieldCarrier, Signature, SignedRequest, SigningCarrier, TargetCarrier } from '../keys/carrier.ts'
import type { CompiledRoutes, RouteDecision, RoutedRequest } from '../policy/route.ts'
import { acceptedCodings } from './accept-encoding.ts'
import type { HeldKey } from './key-ring.ts'
import type { Wanted } from './request.ts'

/**
 * Fields that commonly authenticate a request, besides the carriers' own: the caller's are never sent beside a key of
 * ours, in no spelling that the upstream could fold to one.
 */
const authenticatingFields = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'apikey',
  'x-apikey',
  'x-auth-token',
  'x-access-token',
  'x-auth-key',
  'x-authorization',
  'x-token',
  'x-secret',
  'x-api-token',
  'x-api-secret',
  'x-goog-api-key',
  'x-amz-security-token',
  'x-vault-token',
  'private-token',
  'job-token',
  'x-github-token',
  'x-gitlab-token',
  'x-shopify-access-token',
  'x-figma-token',
  'dd-api-key',
  'dd-application-key',
  'ocp-apim-subscription-key',
  'x-rapidapi-key',
  'x-csrf-token',
  'x-original-authorization',
  'x-forwarded-authorization',
] as const

/**
 * Fields that decide in what form the answer comes, whole or in parts (`Request-Range` to Apache httpd), compressed as a
 * whole or message by message: we write them ourselves, or leave them out.
 */
const formFields = [
  'accept-encoding',
  'sec-websocket-extensions',
  'range',
  'if-range',
  'request-range',
  'a-im',
  'grpc-accept-encoding',
  'connect-accept-encoding',
] as const

/** Fields in which no route lets a phantom stand: it would bring them past what is done to them. */
const neverElsewhere = fieldNames(
  [...hopByHopNames, 'host', 'content-length', 'transfer-encoding', 'trailer', 'expect', ...formFields],
  { fold: true },
)

/** A field of the request whose phantom is replaced. */
export interface FieldReplacement {
  /** -1: the request has none, and a route says that the key goes along always. */
  readonly field: number
  readonly key: HeldKey
  readonly carrier: FieldCarrier
}

/** A phantom at `start` to `end` of the head's bytes: in the target, or in a field that is no carrier's. */
export interface SpanReplacement {
  readonly start: number
  readonly end: number
  readonly key: HeldKey
  /** Absent where a route lets the phantom stand there: the key is written as it is. */
  readonly carrier?: TargetCarrier
  /** -1: the target. */
  readonly field: number
}

export interface SignedBy {
  readonly key: HeldKey
  readonly signature: Signature
}

/** What of a request is replaced, and by which keys. */
export interface Credentials {
  readonly fields: readonly FieldReplacement[]
  /** By their start. */
  readonly spans: readonly SpanReplacement[]
  /** One of these has signed the request. */
  readonly signatures: readonly SignedBy[]
  readonly request: SignedRequest | undefined
  /** Keys whose phantoms are replaced in the body as well. */
  readonly inBody: readonly HeldKey[]
  /** Names of the keys that go along, and of those that do where their phantoms are in the body; empty: none is asked for. */
  readonly keys: readonly string[]
  /** The place of the rule that allowed. */
  readonly rule: string | undefined
  /** The value of `Accept-Encoding` that goes along, where the request has one. */
  readonly acceptEncoding: Buffer | undefined
}

export interface Refused {
  readonly problem: Problem
  readonly keys?: readonly string[]
}

/** What a host's keys need to be recognised by. Made once a host. */
export interface CredentialReader {
  /**
   * Sets `head.marks` of a field to 1 where it is left out of the copy: it is replaced, or authenticates as another.
   * Every key that goes along has been allowed by its routes.
   */
  read(head: Head, wanted: Wanted, host: string): Credentials | Refused
}

interface Reading {
  readonly head: Head
  readonly wanted: Wanted
  readonly fields: FieldReplacement[]
  readonly spans: SpanReplacement[]
  readonly signatures: SignedBy[]
  request: SignedRequest | undefined
}

export function createCredentialReader(keys: readonly HeldKey[]): CredentialReader {
  const inFields = keys.flatMap((key) =>
    key.carriers.flatMap((carrier) => (carrier.place === 'field' ? [{ key, carrier }] : [])),
  )
  const inTarget = keys.flatMap((key) =>
    key.carriers.flatMap((carrier) => (carrier.place === 'target' ? [{ key, carrier }] : [])),
  )
  const signing = keys.flatMap((key) =>
    key.carriers.flatMap((carrier) => (carrier.place === 'signature' ? [{ key, carrier }] : [])),
  )
  const authenticating = [
    ...new Set([
      ...authenticatingFields,
      ...inFields.map(({ carrier }) => carrier.field),
      ...signing.flatMap(({ carrier }) => carrier.fields),
    ]),
  ]
  const names = [...authenticating, ...formFields]
  const known = fieldNames(names, { fold: true })
  const cookie = names.indexOf('cookie')
  const acceptEncoding = names.indexOf('accept-encoding')
  const extensions = names.indexOf('sec-websocket-extensions')
  const passesSigned = new Set([...signing.flatMap(({ carrier }) => carrier.fields), 'range', 'if-range'])
  const withExtras = keys.filter(({ extras }) => extras.size > 0)

  return {
    read(head, wanted, host) {
      const { bytes, places, fieldCount, marks } = head
      const reading: Reading = { head, wanted, fields: [], spans: [], signatures: [], request: undefined }
      let accepted: Buffer | undefined
      let foreign = -1
      for (let index = 0; index < fieldCount; index++) {
        const place = index * 4
        const found = known.find(bytes, places[place] as number, places[place + 1] as number)
        marks[index] = found < 0 ? 0 : 1
        if (found < 0) continue
        const start = places[place + 2] as number
        const end = places[place + 3] as number
        if (found >= authenticating.length) {
          if (found === acceptEncoding) accepted = acceptedCodings(bytes, start, end, accepted)
          continue
        }
        const name = names[found] as string
        const value = bytes.subarray(start, end)
        const match = inFields.find(({ key, carrier }) => carrier.field === name && carrier.carries(value, key.phantom))
        if (match) reading.fields.push({ field: index, ...match })
        else if (found !== cookie) foreign = index
      }
      if (inTarget.length > 0) readTarget(reading, inTarget)
      if (signing.length > 0) {
        const isSent = (index: number) => {
          const place = index * 4
          if (marks[index] === 0) return true
          const found = known.find(bytes, places[place] as number, places[place + 1] as number)
          return found === acceptEncoding || passesSigned.has(names[found] as string)
        }
        const fault = readSignatures(reading, signing, host, isSent)
        if (fault) return fault
      }
      const decisions = new Decisions(reading)
      const elsewhere = readElsewhere(reading, keys, decisions)
      if (elsewhere) return elsewhere
      const inBody = withExtras.length === 0 || head.framing === 'none' ? nobody : decisions.inBody(withExtras)
      for (const key of withExtras) addAlways(reading, key, decisions)

      const { fields, spans, signatures } = reading
      if (fields.length + spans.length + signatures.length + inBody.length === 0) {
        if (foreign >= 0 && !withExtras.some((key) => decisions.extras(key)?.ownCredentials)) {
          return {
            problem: {
              code: 'PHANTOM_MISSING',
              detail: `${fieldText(head, foreign)} authenticates the request to a host whose keys this door holds, and does not carry the phantom of one of them where its kind is carried; a route with \`own_credentials\` lets the app’s own pass`,
            },
          }
        }
        for (let index = 0; index < fieldCount; index++) {
          const place = index * 4
          if (marks[index] === 0) continue
          const found = known.find(bytes, places[place] as number, places[place + 1] as number)
          marks[index] = found === acceptEncoding || found === extensions ? 1 : 0
        }
        return { ...none, acceptEncoding: accepted }
      }
      if (signatures.length > 0) {
        const ambiguous = fields.length + spans.length + inBody.length > 0
        if (ambiguous)
          return refused('REQUEST_AMBIGUOUS', 'the request is signed and carries a key as well', usedKeys(reading))
        for (let index = 0; index < fieldCount; index++) {
          const place = index * 4
          if (marks[index] === 0) continue
          const found = known.find(bytes, places[place] as number, places[place + 1] as number)
          // No key goes along, so none can come back in parts; and what is signed has to stay.
          if (passesSigned.has(names[found] as string)) marks[index] = 0
        }
      }
      if (fields.length > 1 && new Set(fields.map(({ carrier }) => carrier.field)).size < fields.length) {
        return refused('REQUEST_AMBIGUOUS', 'a field that carries a key is there twice', usedKeys(reading))
      }
      const used = usedKeys(reading)
      const problem = decisions.refuse(reading)
      if (problem) return { problem, keys: used }
      return {
        fields,
        spans: spans.sort((a, b) => a.start - b.start),
        signatures,
        request: reading.request,
        inBody,
        keys: [...new Set([...used, ...inBody.map(({ name }) => name)])],
        rule: decisions.rule,
        acceptEncoding: accepted,
      }
    },
  }
}

const nobody: readonly HeldKey[] = []
const none: Credentials = {
  fields: [],
  spans: [],
  signatures: [],
  request: undefined,
  inBody: nobody,
  keys: [],
  rule: undefined,
  acceptEncoding: undefined,
}

function refused(code: Problem['code'], detail: string, keys: readonly string[] = []): Refused {
  return { problem: { code, detail }, keys }
}

function usedKeys({ fields, spans, signatures }: Reading): string[] {
  return [
    ...new Set([
      ...fields.map(({ key }) => key.name),
      ...spans.map(({ key }) => key.name),
      ...signatures.map(({ key }) => key.name),
    ]),
  ]
}

/** What the routes of each key say of one request, asked once and only where it matters. */
class Decisions {
  readonly #asked = new Map<HeldKey, RouteDecision>()
  readonly #reading: Reading
  rule: string | undefined

  constructor(reading: Reading) {
    this.#reading = reading
  }

  of(key: HeldKey): RouteDecision | undefined {
    if (!key.routes) return undefined
    let decision = this.#asked.get(key)
    if (!decision) {
      const { head, wanted } = this.#reading
      const request = { authority: wanted.authority.text, method: head.method, target: wanted.path }
      decision = key.routes.decide(request)
      if (decision.allowed) decision = refuseOverride(head, key.routes, request) ?? decision
      this.#asked.set(key, decision)
    }
    return decision
  }

  /** What the route that allows this request says besides. */
  extras(key: HeldKey): ReturnType<HeldKey['extras']['get']> {
    if (key.extras.size === 0) return undefined
    const decision = this.of(key)
    return decision?.allowed ? key.extras.get(decision.rule) : undefined
  }

  inBody(keys: readonly HeldKey[]): readonly HeldKey[] {
    return keys.filter((key) => {
      if (!this.extras(key)?.elsewhere.includes('body')) return false
      const decision = this.of(key)
      if (decision?.allowed) this.rule = decision.rule
      return true
    })
  }

  /** Every key that goes along must be allowed the request by a route of its own. */
  refuse({ fields, spans, signatures }: Reading): Problem | undefined {
    for (const { key } of [...fields, ...spans, ...signatures]) {
      const decision = this.of(key)
      if (!decision) continue
      if (!decision.allowed)
        return {
          code: decision.ambiguous ? 'REQUEST_AMBIGUOUS' : 'ROUTE_REFUSED',
          detail: `key ${key.name}: ${decision.why}`,
        }
      this.rule = decision.rule
    }
    return undefined
  }
}

/** What is asked for by way of another field must be allowed as well; undefined where nothing is, or where it is. */
function refuseOverride(head: Head, routes: CompiledRoutes, request: RoutedRequest): RouteDecision | undefined {
  for (const { field, method } of overridesOf(head)) {
    if (method !== undefined && routes.decide({ ...request, method }).allowed) continue
    const what = method === undefined ? 'another path' : 'a method that no route allows here'
    return { allowed: false, ambiguous: true, why: `${field} can name ${what}` }
  }
  return undefined
}

function readTarget(
  { head, wanted, spans }: Reading,
  carriers: readonly { readonly key: HeldKey; readonly carrier: TargetCarrier }[],
): void {
  const target = head.bytes.subarray(wanted.pathStart, wanted.pathEnd)
  for (const { key, carrier } of carriers) {
    for (const { start, end } of carrier.find(target, key.phantom)) {
      const span = { start: wanted.pathStart + start, end: wanted.pathStart + end, key, carrier, field: -1 }
      if (!spans.some((other) => other.start < span.end && span.start < other.end)) spans.push(span)
    }
  }
}

function readSignatures(
  reading: Reading,
  carriers: readonly { readonly key: HeldKey; readonly carrier: SigningCarrier }[],
  host: string,
  isSent: (index: number) => boolean,
): Refused | undefined {
  const { head, wanted } = reading
  const { bytes, places, fieldCount, method } = head
  const text = (start: number | undefined, end: number | undefined) => bytes.toString('latin1', start, end)
  const request: SignedRequest = {
    method,
    host,
    target: wanted.path,
    fields: Array.from({ length: fieldCount }, (_, index) => ({
      // One that is left out of what is sent has no name: nothing can be signed with it.
      name: isSent(index) ? text(places[index * 4], places[index * 4 + 1]).toLowerCase() : '',
      value: text(places[index * 4 + 2], places[index * 4 + 3]),
    })),
  }
  reading.request = request
  const now = new Date()
  for (const { key, carrier } of carriers) {
    const read = carrier.read(request, now)
    if (!read) continue
    if ('fault' in read) return refused('SIGNATURE_REFUSED', `key ${key.name}: ${read.fault}`, [key.name])
    reading.signatures.push({ key, signature: read })
  }
  return undefined
}

/** A key that goes along without having been asked for, because its route says so. */
function addAlways(reading: Reading, key: HeldKey, decisions: Decisions): void {
  if (!decisions.extras(key)?.always) return
  const isThere = reading.fields.some((other) => other.key === key) || reading.spans.some((other) => other.key === key)
  if (isThere) return
  const carrier = key.carriers.find((one) => one.place === 'field')
  if (carrier) reading.fields.push({ field: -1, key, carrier })
}

/** A phantom in any other place would be sent on as it is: to a log of the upstream's, or in a signature of the app's. */
function readElsewhere(reading: Reading, keys: readonly HeldKey[], decisions: Decisions): Refused | undefined {
  const { head, fields, spans } = reading
  const { bytes, places, marks } = head
  for (const key of keys) {
    const { phantom, name } = key
    for (let at = bytes.indexOf(phantom, head.start); at >= 0 && at < head.end; at = bytes.indexOf(phantom, at + 1)) {
      const end = at + phantom.length
      if (spans.some((span) => at >= span.start && end <= span.end)) continue
      const field = at < head.targetEnd ? -1 : fieldAt(head, at)
      if (field >= 0 && fields.some((other) => other.field === field)) continue
      const place = field < 0 ? 'target' : 'fields'
      const isName = field >= 0 && at < (places[field * 4 + 2] as number)
      const isTarget = field < 0 && at >= reading.wanted.pathStart
      const isValue = field >= 0 && !isName && !isNeverElsewhere(head, field)
      if ((isTarget || isValue) && decisions.extras(key)?.elsewhere.includes(place)) {
        spans.push({ start: at, end, key, field })
        if (field >= 0) marks[field] = 1
        continue
      }
      const where = field < 0 ? 'the target' : isName ? 'the name of a field' : `the field ${fieldText(head, field)}`
      return refused('PHANTOM_MISPLACED', `${misplaced(key, where)}`, [name])
    }
  }
  return undefined
}

/** The sentence about a phantom in the wrong place. */
export function misplaced({ name, carriers }: HeldKey, where: string): string {
  return `the phantom of key ${name} stands in ${where}; its kind is carried by ${carriers.map(({ says }) => says).join(', or ')}; a route with \`elsewhere\` lets it stand in other places`
}

function isNeverElsewhere({ bytes, places }: Head, field: number): boolean {
  return neverElsewhere.find(bytes, places[field * 4] as number, places[field * 4 + 1] as number) >= 0
}

function fieldAt({ places, fieldCount }: Head, at: number): number {
  for (let index = fieldCount - 1; index >= 0; index--) if (at >= (places[index * 4] as number)) return index
  return -1
}

/** The name of a field, which is not a secret. */
function fieldText(head: Head, index: number): string {
  return head.bytes.toString('latin1', head.places[index * 4], head.places[index * 4 + 1])
}
