import { createHash } from 'node:crypto'
import { phantomHexMark, phantomMark } from '../../keys/random.ts'

/** Words that people put in texts that only look like keys. Any case; at least four letters, so that chance makes none. */
const placeholders =
  /example|sample|placeholder|redacted|changeme|change_me|replace|your[_-]?|dummy|fake|xxxx|\*\*\*\*|0{8}|1{8}|1234567|abcdefg|deadbeef|notreal|insert|secret[_-]?key|mykey|testing/i

/** SHA-256 of what follows the prefix in keys that issuers print in their documentation: everybody has them. */
const published = new Set([
  '153a182586451358014e3142089118ce38f6c7dc7c79014d3fa40b57f80b4aab',
  '74e11884b07b1d5183c50a1e1fa53981137558e33691691f564189271d7b13fb',
])

/** A placeholder says so at its beginning; in the 2,000 characters of a private key chance makes words of four letters. */
const saidWithin = 200

/** Phantoms, placeholders, and bodies that no random generator makes. `body` is the key without its prefix. */
export function isPretended(body: string): boolean {
  if (body.includes(phantomMark) || body.startsWith(phantomHexMark) || placeholders.test(body.slice(0, saidWithin)))
    return true
  if (new Set(body.replace(/[^A-Za-z0-9]/g, '')).size < 8) return true
  return published.has(createHash('sha256').update(body).digest('hex'))
}
