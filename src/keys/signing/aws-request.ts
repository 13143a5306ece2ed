import { createHash } from 'node:crypto'
import type { SignedRequest } from '../carrier.ts'
import { decodePercent, plainBytes, writePercent } from '../percent.ts'

const unreserved = plainBytes()
const unreservedAndSlash = plainBytes('/')

/** What of a request is signed besides its payload. */
export interface AwsSigned {
  readonly service: string
  /** In the order in which they are signed, lower case. */
  readonly names: readonly string[]
  /** Name and value of each parameter, as received. */
  readonly parameters: readonly (readonly [string, string])[]
  /** The payload's digest, or what stands for it. */
  readonly payload: string
}

/**
 * The canonical forms that a signer may have signed for one request: AWS's services do not agree on the path. S3 takes it
 * as it is, the others encode it once more, and their SDKs remove dot segments or are told not to. A `+` in the query is a
 * space to some signers. The usual one is first. Text of one character a byte.
 */
export function* canonicalRequests(request: SignedRequest, signed: AwsSigned): Generator<string> {
  const { method, target } = request
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const isForm = target.includes('+', path.length)
  const head = canonicalFields(request, signed.names)
  const paths = new Set(
    signed.service.startsWith('s3')
      ? [encodeOnce(path), encode(withoutDots(path)), encode(path)]
      : [encode(withoutDots(path)), encode(path), encodeOnce(path)],
  )
  for (const query of new Set([canonicalQuery(signed.parameters, isForm), canonicalQuery(signed.parameters, false)])) {
    for (const uri of paths) yield `${method}\n${uri}\n${query}\n${head}\n${signed.names.join(';')}\n${signed.payload}`
  }
}

/** SHA-256 in hexadecimal digits; text of one character a byte. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256')
    .update(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
    .digest('hex')
}

/** The parameters of a target, as received; one without `=` has an empty value. */
export function readParameters(target: string): [string, string][] {
  const mark = target.indexOf('?')
  if (mark < 0) return []
  return target
    .slice(mark + 1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const middle = pair.indexOf('=')
      return middle < 0 ? [pair, ''] : [pair.slice(0, middle), pair.slice(middle + 1)]
    })
}

export function decodeText(text: string, { isForm }: { readonly isForm: boolean }): string {
  if (!/[%+]/.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  return Buffer.from(decodePercent(bytes, 0, bytes.length, { isForm })).toString('latin1')
}

function canonicalQuery(parameters: AwsSigned['parameters'], isForm: boolean): string {
  const again = (text: string) => encode(decodeText(text, { isForm }), unreserved)
  return parameters
    .map(([name, value]) => [again(name), again(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Each line `name:values`, an empty line at the end. `Host` is what is sent, whatever the app wrote. */
function canonicalFields({ fields, host }: SignedRequest, names: readonly string[]): string {
  return names
    .map((name) => {
      const values = name === 'host' ? [host] : fields.filter((field) => field.name === name).map(({ value }) => value)
      return `${name}:${values.map((value) => value.trim().replace(/\s+/g, ' ')).join(',')}\n`
    })
    .join('')
}

function encodeOnce(path: string): string {
  return encode(decodeText(path, { isForm: false }))
}

function encode(text: string, plain = unreservedAndSlash): string {
  const bytes = Buffer.from(text, 'latin1')
  const into = Buffer.allocUnsafe(bytes.length * 3)
  return into.toString('latin1', 0, writePercent(into, 0, bytes, plain))
}

/** RFC 3986 §5.2.4, and several slashes are one. */
function withoutDots(path: string): string {
  const kept: string[] = []
  const segments = path.split('/')
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '.' && segment !== '') kept.push(segment)
  }
  const endsOpen = ['', '.', '..'].includes(segments.at(-1) as string)
  return kept.length === 0 ? '/' : `/${kept.join('/')}${endsOpen ? '/' : ''}`
}
