import { createHash } from 'node:crypto'
import { phantomHexMark, phantomMark } from '../../keys/random.ts'
import { looksRandom } from './looks-random.ts'

/** Words that people put in texts that only look like keys. Any case; long enough that chance makes none. */
const placeholders =
  /example|placeholder|redacted|changeme|change_me|replace|\*\*\*\*|0{8}|1{8}|1234567|abcdefg|deadbeef|notreal|secret[_-]?key/i
/** Chance makes them in one key of some hundreds: what is random around them is a key all the same. */
const shortPlaceholders = /sample|your[_-]?|dummy|fake|xxxx|insert|mykey|testing/i

/**
 * SHA-256 of what follows the prefix in keys that issuers print in their documentation, and of the tokens and passwords
 * in the examples of RFC 5849, 6749 and 6750: everybody has them.
 */
const published = new Set([
  '153a182586451358014e3142089118ce38f6c7dc7c79014d3fa40b57f80b4aab',
  '74e11884b07b1d5183c50a1e1fa53981137558e33691691f564189271d7b13fb',
  '53f5da0aaa93d64cd5772c554cbf940f0539e689dddbeb8f923eec3f72c02ea9',
  '6c96130f130ab0d6d158397e24d2bcc1c9a5e73ae081f6e983f1c7b545d24a4c',
  '00cf4c781dc37003f7c7dd7d4c9a6ef1e0f4c62d9a291aa8bc398774e3fefd32',
  '9d03b692e941d5ace207a9f8048834439f6de98e5c6c1590c22c4f4577c88a42',
  'b8e148545b13c78bc74da2f1a7275dd71e56ddece129d7d2f7b3ecc06f7994da',
  'ad71fb4165536675d80a8bbfe957697e4b9e17b35d5500406abc219705337107',
  'e9974c507d2a802143f614c878fcbb622a3800e05e6e0d329fee2c5b6b243329',
  '293257ab6495ebb11cf9e4aee0686ca30df8de2ab8d251f2cbbcf177bdfcae91',
  'cb87c87e4a138d9a72259d2a01bab15623c9846e568c1509b287721645a6ea53',
  '41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb',
])

/** A placeholder says so at its beginning; in the 2,000 characters of a private key chance makes words of four letters. */
const saidWithin = 200

/** Phantoms, placeholders, and bodies that no random generator makes. `body` is the key without its prefix. */
export function isPretended(body: string): boolean {
  if (body.includes(phantomMark) || body.startsWith(phantomHexMark)) return true
  const beginning = body.slice(0, saidWithin)
  if (placeholders.test(beginning) || (shortPlaceholders.test(beginning) && !looksRandom(body))) return true
  if (new Set(body.replace(/[^A-Za-z0-9]/g, '')).size < 8) return true
  return isPublished(body)
}

export function isPublished(text: string): boolean {
  return published.has(createHash('sha256').update(text).digest('hex'))
}
