import { hmac } from '../../secret/hmac.ts'
import { secretBytes, wipe } from '../../secret/masked.ts'

const prefix = Buffer.from('AWS4')

/**
 * The signature of `text` under the secret access key `key`, 64 hexadecimal digits. `scope` is
 * `DATE/REGION/SERVICE/aws4_request`: each of its parts makes a key of the one before. All of them sign as the key does,
 * so each is wiped, and none is kept for the next signature.
 */
export function signForAws(key: Uint8Array, scope: string, text: string): string {
  let current = secretBytes(prefix.length + key.length)
  current.set(prefix)
  current.set(key, prefix.length)
  try {
    for (const part of [...scope.split('/'), text]) {
      const next = hmac('sha256', current, Buffer.from(part, 'latin1'))
      wipe(current)
      current = next
    }
    return Buffer.from(current.buffer).toString('hex')
  } finally {
    wipe(current)
  }
}
