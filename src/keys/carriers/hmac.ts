import { SallyportError } from '../../errors.ts'
import { decodeBase64, decodeHex } from '../../secret/decode-text.ts'
import { equalBytes } from '../../secret/equal.ts'
import { type HmacAlgorithm, hmac as sign } from '../../secret/hmac.ts'
import { wipe } from '../../secret/masked.ts'
import type { CarrierForm, Signature, SignedRequest, SigningCarrier } from '../carrier.ts'
import { markedBase62, markedHex, type Random } from '../random.ts'
import { compileMessage, type HmacMessage } from '../signing/hmac-message.ts'
import {
  compileValue,
  type HmacValue,
  type SignatureEncoding,
  signatureEncodings,
  writeSignature,
} from '../signing/hmac-value.ts'
import { readTime, type TimeForm, timeForms } from '../signing/signed-time.ts'

/** A signature by HMAC (RFC 2104) over parts of the request, in a field. */
export const hmac: CarrierForm = {
  id: 'hmac',
  title: 'secret that signs requests by HMAC',
  parameters: [
    { name: 'hmac', choices: ['sha1', 'sha256', 'sha384', 'sha512'], says: 'Hash function of the signature.' },
    {
      name: 'message',
      lengthMax: 1_024,
      hasLines: true,
      says: 'What is signed: text with `{method}`, `{host}`, `{path}`, `{query}`, `{target}`, `{field:NAME}` (`{field:NAME?}` where it may be missing), `{body}`, a digest of it such as `{body:sha256:hex}`, `{time}`, `{nonce}`; `\\n` is a line end.',
    },
    { name: 'field', token: true, says: 'Field in which the signature stands.' },
    {
      name: 'value',
      optional: true,
      says: 'Value of that field, with `{signature}` and, where they stand beside it, `{time}` and `{nonce}`. Default: `{signature}`.',
    },
    {
      name: 'encoding',
      choices: signatureEncodings,
      optional: true,
      says: 'How the signature is written. Default: hex.',
    },
    {
      name: 'key_encoding',
      choices: ['raw', 'base64', 'hex'],
      optional: true,
      says: 'Whether the key signs as it stands, or is decoded before. Default: raw.',
    },
    { name: 'time', token: true, optional: true, says: 'Field in which the time stands.' },
    { name: 'time_format', choices: timeForms, optional: true, says: 'How the time is written. Default: s.' },
    {
      name: 'tolerance',
      whole: { min: 1, max: 86_400 },
      optional: true,
      says: 'Seconds that the time may be off ours. Default: 300.',
    },
    { name: 'nonce', token: true, optional: true, says: 'Field in which the nonce stands.' },
  ],
  open: (parameters) => hmacCarrier(readOptions(parameters)),
}

interface Options {
  readonly algorithm: HmacAlgorithm
  readonly message: HmacMessage
  /** As it is written. */
  readonly field: string
  readonly value: HmacValue
  readonly valueText: string
  readonly encoding: SignatureEncoding
  readonly keyEncoding: 'raw' | 'base64' | 'hex'
  /** Fields, in lower case. */
  readonly time: string | undefined
  readonly nonce: string | undefined
  readonly timeForm: TimeForm
  readonly toleranceMs: number
}

function readOptions(given: Readonly<Record<string, string | undefined>>): Options {
  const algorithm = given.hmac as HmacAlgorithm
  const encoding = (given.encoding ?? 'hex') as SignatureEncoding
  const timeForm = (given.time_format ?? 's') as TimeForm
  const valueText = given.value ?? '{signature}'
  const message = compileMessage(given.message ?? '')
  if ('problem' in message) throw invalid(`\`message\` ${message.problem}`)
  const value = compileValue(valueText, { algorithm, encoding, timeForm })
  if ('problem' in value) throw invalid(`\`value\` ${value.problem}`)
  const options: Options = {
    algorithm,
    message,
    field: given.field ?? '',
    value,
    valueText,
    encoding,
    keyEncoding: (given.key_encoding ?? 'raw') as Options['keyEncoding'],
    time: given.time?.toLowerCase(),
    nonce: given.nonce?.toLowerCase(),
    timeForm,
    toleranceMs: Number(given.tolerance ?? 300) * 1_000,
  }
  checkPlaces(options)
  if (!options.time && !value.hasTime && (given.time_format ?? given.tolerance) !== undefined)
    throw invalid('`time_format` and `tolerance` are for a time, and neither `time` nor `value` says where one stands')
  return options
}

/** What is read beside the signature stands in one place, and is signed. */
function checkPlaces({ message, value, time, nonce, ...options }: Options): void {
  const field = options.field.toLowerCase()
  if (message.fields.has(field)) throw invalid('`message` has the field of the signature itself')
  for (const [name, given, isInMessage, isInValue] of [
    ['time', time, message.readsTime, value.hasTime],
    ['nonce', nonce, message.readsNonce, value.hasNonce],
  ] as const) {
    if (given === field) throw invalid(`\`${name}\` is the field of the signature; write {${name}} into \`value\``)
    if (given !== undefined && isInValue)
      throw invalid(`\`${name}\` names a field and \`value\` has {${name}}; keep one`)
    const isThere = given !== undefined || isInValue
    if (isInMessage && !isThere)
      throw invalid(`\`message\` has {${name}}, and neither \`${name}\` nor \`value\` says where it stands`)
    if (isThere && !isInMessage && !(given !== undefined && message.fields.has(given)))
      throw invalid(`\`message\` does not have {${name}}, so another one could be put beside an old signature`)
  }
}

function invalid(problem: string): SallyportError {
  return new SallyportError('CONFIG_INVALID', problem)
}

function hmacCarrier(options: Options): SigningCarrier {
  const { value, time, nonce, keyEncoding } = options
  const field = options.field.toLowerCase()
  return {
    place: 'signature',
    form: 'hmac',
    says: `${options.field}: ${options.valueText}, HMAC-${options.algorithm.toUpperCase()} by KEY`,
    fields: [...new Set([field, time, nonce].filter((name) => name !== undefined))],
    ...(keyEncoding === 'raw' ? {} : { phantom: keyEncoding === 'hex' ? hexPhantom : base64Phantom }),
    read(request, now) {
      const at = request.fields.findIndex(({ name }) => name === field)
      if (at < 0) return undefined
      const given = request.fields[at]?.value ?? ''
      const found = value.read(given)
      if (found === 'of another form') return undefined
      const fault = fieldFault(request, options)
      if (fault) return { fault }
      if (!found) return { fault: `${options.field} has not the form that the key’s carrier describes` }
      const known = { time: found.time ?? only(request, time), nonce: found.nonce ?? only(request, nonce) }
      const problem = timeFault(known.time, options, now)
      if (problem) return { fault: problem }
      return signatureOf(request, options, known, { at, given, ...found.signature })
    },
  }
}

interface Place {
  readonly at: number
  readonly given: string
  readonly start: number
  readonly end: number
}

function signatureOf(
  request: SignedRequest,
  options: Options,
  known: { readonly time: string; readonly nonce: string },
  { at, given, start, end }: Place,
): Signature {
  const old = given.slice(start, end)
  return {
    body: options.message.readsBody ? 'whole' : 'none',
    sign(phantom, withKey, body) {
      const message = options.message.write({ request, ...known, body })
      const expected = signWith(phantom, message, options, old)
      if (expected === undefined || !equalBytes(Buffer.from(expected), Buffer.from(old)))
        return { fault: 'the request is not signed with the phantom, or not over what the key’s carrier describes' }
      const signature = withKey((key) => signWith(key, message, options, old))
      if (signature === undefined)
        return { fault: `the key is not written in ${options.keyEncoding}, as its carrier says` }
      return { fields: [{ index: at, value: given.slice(0, start) + signature + given.slice(end) }] }
    },
  }
}

/** Undefined where `secret` cannot be decoded. */
function signWith(
  secret: Uint8Array,
  message: Uint8Array,
  { algorithm, encoding, keyEncoding }: Options,
  like: string,
): string | undefined {
  if (keyEncoding === 'raw') return writeSignature(sign(algorithm, secret, message), encoding, like)
  const decoded = keyEncoding === 'hex' ? decodeHex(secret) : decodeBase64(secret)
  if (!decoded) return undefined
  try {
    return writeSignature(sign(algorithm, decoded, message), encoding, like)
  } finally {
    wipe(decoded)
  }
}

/** A field that is read is there, and once: the upstream may take the other one. */
function fieldFault(request: SignedRequest, { field, message, time, nonce }: Options): string | undefined {
  const wanted = new Map(message.fields)
  for (const name of [field.toLowerCase(), time, nonce]) if (name) wanted.set(name, { isNeeded: true })
  for (const [name, { isNeeded }] of wanted) {
    const count = request.fields.filter((other) => other.name === name).length
    if (count > 1) return `${name} is there twice`
    if (count === 0 && isNeeded) return `${name}, which the signature covers, is not there`
  }
  return undefined
}

function timeFault(time: string, { timeForm, toleranceMs, ...options }: Options, now: Date): string | undefined {
  if (options.time === undefined && !options.value.hasTime) return undefined
  const at = readTime(time, timeForm)
  if (at === undefined) return 'the time of the signature has not the form that the key’s carrier describes'
  return Math.abs(now.getTime() - at) > toleranceMs
    ? `the time of the signature is more than ${toleranceMs / 1_000} seconds off`
    : undefined
}

function only(request: SignedRequest, name: string | undefined): string {
  return request.fields.find((field) => field.name === name)?.value ?? ''
}

/** Four characters are three bytes, without padding. */
function base64Phantom(random: Random, length: number): string {
  return markedBase62(random, Math.max(Math.ceil(length / 4) * 4, 24))
}

function hexPhantom(random: Random, length: number): string {
  return markedHex(random, Math.ceil(length / 2) * 2)
}
