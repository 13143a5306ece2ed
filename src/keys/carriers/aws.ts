import { limits } from '../../limits.ts'
import { equalBytes } from '../../secret/equal.ts'
import type { CarrierForm, Signature, SignedEdits, SignedRequest, SigningCarrier, SigningFault } from '../carrier.ts'
import { signAwsChunks } from '../signing/aws-chunks.ts'
import { signForAws } from '../signing/aws-key.ts'
import { type AwsSigned, canonicalRequests, decodeText, readParameters, sha256 } from '../signing/aws-request.ts'

/** AWS Signature Version 4: in `Authorization`, in the query (presigned URLs), and of bodies that are signed in chunks. */
export const aws: CarrierForm = {
  id: 'aws',
  title: 'secret access key that signs for AWS (Signature Version 4)',
  parameters: [],
  open: () => awsCarrier(),
}

const algorithm = 'AWS4-HMAC-SHA256'
const unsupported = {
  fault: 'the request is signed with SigV4A (elliptic curves), which is not supported; tell the SDK to use SigV4',
}
const streamed = new Set(['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'])
/** In place of the payload's digest, where nothing of the body is signed. */
const unsigned = new Set(['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'])

export function awsCarrier(): SigningCarrier {
  return {
    place: 'signature',
    form: 'aws',
    says: `Authorization: ${algorithm} …, signed with KEY`,
    fields: ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'],
    read(request, now) {
      const written = readWritten(request)
      if (!written || 'fault' in written) return written
      const problem = timeProblem(written, now)
      if (problem) return { fault: problem }
      return signatureOf(request, written)
    },
  }
}

/** What the request says of its signature. */
interface Written {
  /** Index of `Authorization`, or the parameter. */
  readonly place: { readonly field: number } | 'query'
  /** DATE/REGION/SERVICE/aws4_request */
  readonly scope: string
  readonly names: readonly string[]
  readonly signature: string
  /** `20150830T123600Z` */
  readonly time: string
  /** From then on; absent in the head, which is good for the clock's skew only. */
  readonly expiresMs?: number
  /** Absent: the digest of the body. */
  readonly payload?: string
  readonly parameters: readonly (readonly [string, string])[]
}

type Read<T> = T | SigningFault | undefined

function readWritten(request: SignedRequest): Read<Written> {
  const parameters = readParameters(request.target)
  const inQuery = parameters.some(([name]) =>
    /^X-Amz-(?:Algorithm|Signature)$/.test(decodeText(name, { isForm: true })),
  )
  const inField = request.fields.some(({ name, value }) => name === 'authorization' && /^AWS(?:4-| )/.test(value))
  if (inQuery && inField) return { fault: 'the request is signed twice, in Authorization and in the query' }
  if (inField) return readField(request, parameters)
  return inQuery ? readQuery(request, parameters) : undefined
}

function readField(request: SignedRequest, parameters: Written['parameters']): Read<Written> {
  const values = valuesOf(request, 'authorization')
  const value = values[0] ?? ''
  if (values.length > 1) return { fault: 'Authorization is there twice' }
  if (value.startsWith('AWS4-ECDSA')) return unsupported
  if (value.startsWith('AWS '))
    return { fault: 'the request is signed with AWS’s old Signature Version 2; use version 4' }
  const parts = new Map<string, string>()
  const [, list = ''] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(value) ?? []
  for (const part of list.split(',')) {
    const [, name = '', text = ''] = /^\s*(Credential|SignedHeaders|Signature)=(\S+)\s*$/.exec(part) ?? []
    if (name === '' || parts.has(name))
      return { fault: 'Authorization does not have the form of AWS’s Signature Version 4' }
    parts.set(name, text)
  }
  const time = onlyValue(request, 'x-amz-date')
  const payload = onlyValue(request, 'x-amz-content-sha256')
  if (typeof time === 'object') return time
  if (typeof payload === 'object') return payload
  return check({
    place: { field: request.fields.findIndex(({ name }) => name === 'authorization') },
    credential: parts.get('Credential') ?? '',
    names: parts.get('SignedHeaders') ?? '',
    signature: parts.get('Signature') ?? '',
    time: time ?? '',
    payload,
    parameters,
  })
}

function readQuery(request: SignedRequest, parameters: Written['parameters']): Read<Written> {
  const parts = new Map<string, string>()
  for (const [name, value] of parameters) {
    const decoded = decodeText(name, { isForm: true })
    if (!/^x-amz-/i.test(decoded)) continue
    if (parts.has(decoded)) return { fault: 'a parameter of the signature is there twice' }
    parts.set(decoded, decodeText(value, { isForm: true }))
  }
  const given = parts.get('X-Amz-Algorithm') ?? ''
  if (given.startsWith('AWS4-ECDSA')) return unsupported
  if (given !== algorithm) return { fault: 'the signature in the query names no algorithm that is known' }
  const expires = /^\d{1,6}$/.test(parts.get('X-Amz-Expires') ?? '') ? Number(parts.get('X-Amz-Expires')) * 1_000 : 0
  if (expires === 0 || expires > limits.awsPresignedMs)
    return { fault: 'the presigned URL is not good for a time between one second and seven days' }
  const inField = onlyValue(request, 'x-amz-content-sha256')
  if (typeof inField === 'object') return inField
  return check({
    place: 'query',
    credential: parts.get('X-Amz-Credential') ?? '',
    names: parts.get('X-Amz-SignedHeaders') ?? '',
    signature: parts.get('X-Amz-Signature') ?? '',
    time: parts.get('X-Amz-Date') ?? '',
    expiresMs: expires,
    payload: parts.get('X-Amz-Content-Sha256') ?? inField,
    parameters: parameters.filter(([name]) => decodeText(name, { isForm: true }) !== 'X-Amz-Signature'),
  })
}

interface Unchecked {
  readonly place: Written['place']
  readonly credential: string
  readonly names: string
  readonly signature: string
  readonly time: string
  readonly expiresMs?: number
  readonly payload: string | undefined
  readonly parameters: Written['parameters']
}

function check({ credential, names: list, payload, ...rest }: Unchecked): Written | SigningFault {
  const [, scope, date, service = ''] =
    /^[\w.@+-]{1,128}\/((\d{8})\/[a-z0-9-]{1,64}\/([a-z0-9-]{1,64})\/aws4_request)$/i.exec(credential) ?? []
  if (!scope) return { fault: 'the credential of the signature has not the form ID/DATE/REGION/SERVICE/aws4_request' }
  if (!/^[0-9a-f]{64}$/.test(rest.signature)) return { fault: 'the signature is not 64 hexadecimal digits' }
  if (!rest.time.startsWith(`${date}T`))
    return { fault: 'X-Amz-Date is not there, or is of another day than the signature’s credential' }
  const names = list.split(';')
  if (
    names.some((name, i) => name === '' || name !== name.toLowerCase() || (i > 0 && name <= (names[i - 1] as string)))
  )
    return { fault: 'the names of the signed fields are not in lower case, in order and each there once' }
  if (!names.includes('host')) return { fault: 'the signature does not cover Host' }
  if (payload !== undefined) {
    if (payload.startsWith('STREAMING-AWS4-ECDSA')) return unsupported
    if (!/^[0-9a-f]{64}$/.test(payload) && !streamed.has(payload) && !unsigned.has(payload))
      return { fault: 'X-Amz-Content-Sha256 is neither a digest nor a way of signing the body that is supported' }
    return { ...rest, scope, names, payload }
  }
  // Presigned URLs of S3's say nothing of the body.
  const isUnsigned = rest.place === 'query' && service.startsWith('s3')
  return { ...rest, scope, names, ...(isUnsigned ? { payload: 'UNSIGNED-PAYLOAD' } : {}) }
}

function timeProblem({ time, expiresMs = 0 }: Written, now: Date): string | undefined {
  const [, ...digits] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  const [year = Number.NaN, month = 0, ...others] = digits.map(Number)
  const at = new Date(Date.UTC(year, month - 1, ...others))
  if (Number.isNaN(at.getTime()) || at.toISOString().replace(/[-:]|\.000/g, '') !== time)
    return 'X-Amz-Date is not a time of the form 20150830T123600Z'
  const age = now.getTime() - at.getTime()
  if (age < -limits.awsClockSkewMs) return 'the request is signed for a time that has not come'
  const goodFor = expiresMs === 0 ? limits.awsClockSkewMs : expiresMs
  return age > goodFor ? 'the request was signed too long ago' : undefined
}

function signatureOf(request: SignedRequest, written: Written): Signature | SigningFault {
  const { scope, names, time, parameters, payload } = written
  const there = new Set(request.fields.map(({ name }) => name))
  if (names.some((name) => name !== 'host' && !there.has(name)))
    return { fault: 'the signature covers a field that is not sent' }
  const [, , service = ''] = scope.split('/')
  const hasPieces = payload !== undefined && streamed.has(payload)
  return {
    body: payload === undefined ? 'whole' : 'none',
    sign(phantom, withKey, body) {
      const signed: AwsSigned = { service, names, parameters, payload: payload ?? sha256(body) }
      const text = findSigned(request, signed, written, phantom)
      if (text === undefined) return { fault: 'the request is not signed with the phantom, or not as it is sent' }
      const signature = withKey((key) => signForAws(key, scope, text))
      const edits = replaceSignature(request, written, signature)
      if (!hasPieces) return edits
      const hasTrailer = payload.endsWith('-TRAILER')
      const pieces = { phantom, withKey, time, scope, seed: written.signature, newSeed: signature, hasTrailer }
      return { ...edits, pieces: signAwsChunks(pieces) }
    },
  }
}

/** The string to sign for which the app's signature is that of its phantom. */
function findSigned(
  request: SignedRequest,
  signed: AwsSigned,
  { time, scope, signature }: Written,
  phantom: Uint8Array,
): string | undefined {
  const given = Buffer.from(signature)
  for (const canonical of canonicalRequests(request, signed)) {
    const text = `${algorithm}\n${time}\n${scope}\n${sha256(canonical)}`
    if (equalBytes(Buffer.from(signForAws(phantom, scope, text)), given)) return text
  }
  return undefined
}

function replaceSignature({ fields, target }: SignedRequest, written: Written, signature: string): SignedEdits {
  if (written.place !== 'query') {
    const { value = '' } = fields[written.place.field] ?? {}
    return { fields: [{ index: written.place.field, value: value.replace(/(?<=Signature=)[0-9a-f]{64}/, signature) }] }
  }
  const mark = target.indexOf('?')
  const pairs = target
    .slice(mark + 1)
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1)
      return decodeText(name, { isForm: true }) === 'X-Amz-Signature' ? `${name}=${signature}` : pair
    })
  return { fields: [], target: `${target.slice(0, mark)}?${pairs.join('&')}` }
}

function valuesOf({ fields }: SignedRequest, wanted: string): string[] {
  return fields.filter(({ name }) => name === wanted).map(({ value }) => value)
}

function onlyValue(request: SignedRequest, name: string): string | SigningFault | undefined {
  const values = valuesOf(request, name)
  return values.length > 1 ? { fault: `${name} is there twice` } : values[0]
}
