import { createHmac } from 'node:crypto'
import { secretBytes, wipe } from './masked.ts'

export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512'

/**
 * HMAC (RFC 2104) of `message` under `key`, in bytes of their own: the caller wipes them where they are a key again.
 * OpenSSL's copy of the key is cleared by `digest`; without it, it would stay until the collector comes (both measured,
 * in the test beside).
 */
export function hmac(algorithm: HmacAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  const digest = createHmac(algorithm, key).update(message).digest()
  const result = secretBytes(digest.length)
  result.set(digest)
  wipe(digest)
  return result
}
