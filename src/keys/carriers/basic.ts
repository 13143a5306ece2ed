import { equalBytes } from '../../secret/equal.ts'
import { secretBytes, wipe } from '../../secret/masked.ts'
import type { CarrierForm, FieldCarrier } from '../carrier.ts'

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const scheme = Buffer.from('Basic ')
const colon = 0x3a

/** One half of HTTP Basic credentials (RFC 7617): the other half is kept as the app wrote it. */
export const basic: CarrierForm = {
  id: 'basic',
  title: 'one half of Basic credentials',
  parameters: [{ name: 'basic', choices: ['user', 'password'] }],
  open: ({ basic: half }) => basicCarrier(half === 'user' ? 'user' : 'password'),
}

export function basicCarrier(half: 'user' | 'password'): FieldCarrier {
  return {
    place: 'field',
    form: 'basic',
    name: 'Authorization',
    field: 'authorization',
    says: half === 'user' ? 'Authorization: Basic base64(KEY:…)' : 'Authorization: Basic base64(…:KEY)',
    carries(value, phantom) {
      const parts = readCredentials(value)
      return parts !== undefined && equalBytes(half === 'user' ? parts.user : parts.password, phantom)
    },
    lengthMax: (received, key) => scheme.length + Math.ceil((received + key + 3) / 3) * 4,
    write(into, at, key, received) {
      const parts = readCredentials(received)
      const user = half === 'user' ? key : (parts?.user ?? new Uint8Array(0))
      const password = half === 'password' ? key : (parts?.password ?? new Uint8Array(0))
      const plain = secretBytes(user.length + 1 + password.length)
      plain.set(user)
      plain[user.length] = colon
      plain.set(password, user.length + 1)
      into.set(scheme, at)
      const end = writeBase64(into, at + scheme.length, plain)
      wipe(plain)
      return end
    },
  }
}

/** The two halves of a received `Basic` value, which holds a phantom at most, or undefined. */
function readCredentials(value: Uint8Array): { user: Uint8Array; password: Uint8Array } | undefined {
  const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')
  const match = /^basic +([A-Za-z0-9+/_-]+={0,2})$/i.exec(text)
  if (!match) return undefined
  const plain = Buffer.from(match[1] as string, 'base64')
  const at = plain.indexOf(colon)
  return at < 0 ? undefined : { user: plain.subarray(0, at), password: plain.subarray(at + 1) }
}

/** RFC 4648 §4 from bytes to bytes: Buffer's own goes through a string. */
function writeBase64(into: Uint8Array, at: number, bytes: Uint8Array): number {
  let end = at
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    into[end++] = alphabet[group >> 18] as number
    into[end++] = alphabet[(group >> 12) & 63] as number
    into[end++] = left > 1 ? (alphabet[(group >> 6) & 63] as number) : 0x3d
    into[end++] = left > 2 ? (alphabet[group & 63] as number) : 0x3d
  }
  return end
}
