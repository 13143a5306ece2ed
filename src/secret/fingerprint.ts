import { createHmac } from 'node:crypto'

/**
 * A name for a secret that does not give it away: HMAC-SHA-256 under `salt` (32 random bytes that stay with whoever made
 * the fingerprint), 12 hexadecimal digits. Without the salt a short key could be found by trying.
 */
export function secretFingerprint(salt: Uint8Array, secret: Uint8Array): string {
  return createHmac('sha256', salt).update(secret).digest('hex').slice(0, 12)
}
