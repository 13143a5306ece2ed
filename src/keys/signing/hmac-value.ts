import type { HmacAlgorithm } from '../../secret/hmac.ts'
import type { Span } from '../carrier.ts'
import { type TimeForm, timePatterns } from './signed-time.ts'
import { parseTemplate } from './template.ts'

export const signatureEncodings = ['hex', 'base64', 'base64url'] as const
export type SignatureEncoding = (typeof signatureEncodings)[number]

/** The value of the field in which a signature stands, compiled from its template. */
export interface HmacValue {
  readonly hasTime: boolean
  readonly hasNonce: boolean
  /** Undefined where `text` has not this form; `of another form` where already its beginning is another. */
  read(text: string): ReadValue | 'of another form' | undefined
}

interface ReadValue {
  readonly signature: Span
  readonly time: string | undefined
  readonly nonce: string | undefined
}

interface ValueOptions {
  readonly algorithm: HmacAlgorithm
  readonly encoding: SignatureEncoding
  readonly timeForm: TimeForm
}

const digestBytes: Readonly<Record<HmacAlgorithm, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }

/** The problem is a half sentence that begins with a verb. */
export function compileValue(template: string, options: ValueOptions): HmacValue | { readonly problem: string } {
  const parts = parseTemplate(template)
  if ('problem' in parts) return parts
  const patterns = new Map<unknown, string>(
    Object.entries({
      signature: signaturePattern(options),
      time: timePatterns[options.timeForm],
      nonce: '[A-Za-z0-9._~+/=-]{1,256}',
    }),
  )
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.join(':')]))
  const unknown = names.find((name) => !patterns.has(name))
  if (unknown !== undefined) return { problem: `has {${unknown}}; only {signature}, {time} and {nonce} stand here` }
  if (!names.includes('signature')) return { problem: 'has no {signature}' }
  if (new Set(names).size < names.length) return { problem: 'has a placeholder twice' }
  const source = parts.map((part) =>
    typeof part === 'string' ? RegExp.escape(part) : `(?<${part[0]}>${patterns.get(part[0])})`,
  )
  const whole = new RegExp(`^${source.join('')}$`, 'd')
  const [beginning = ''] = parts.filter((part, i) => i === 0 && typeof part === 'string') as string[]
  return {
    hasTime: names.includes('time'),
    hasNonce: names.includes('nonce'),
    read(text) {
      if (!text.startsWith(beginning)) return 'of another form'
      const found = whole.exec(text)
      const [start, end] = found?.indices?.groups?.signature ?? []
      if (start === undefined || end === undefined) return undefined
      return { signature: { start, end }, time: found?.groups?.time, nonce: found?.groups?.nonce }
    },
  }
}

/** `digest` written as `like` is: the same case of hexadecimal digits, the same padding. */
export function writeSignature(digest: Uint8Array, encoding: SignatureEncoding, like: string): string {
  const bytes = Buffer.from(digest.buffer, digest.byteOffset, digest.length)
  const text = bytes.toString(encoding)
  if (encoding === 'hex') return /[A-F]/.test(like) ? text.toUpperCase() : text
  return encoding === 'base64url' && like.endsWith('=') ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text
}

function signaturePattern({ algorithm, encoding }: ValueOptions): string {
  const bytes = digestBytes[algorithm]
  if (encoding === 'hex') return `[0-9a-fA-F]{${bytes * 2}}`
  const padding = (3 - (bytes % 3)) % 3
  const digits = Math.ceil((bytes * 4) / 3)
  return encoding === 'base64' ? `[A-Za-z0-9+/]{${digits}}={${padding}}` : `[\\w-]{${digits}}={0,${padding}}`
}
