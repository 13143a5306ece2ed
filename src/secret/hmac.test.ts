import { expect, it } from 'vitest'
import { hmac } from './hmac.ts'

/** RFC 4231 §4.3. */
it.each([
  ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ['sha384', 'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649'],
] as const)('gives what RFC 4231 says: %s', (algorithm, wanted) => {
  const result = hmac(algorithm, Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'))
  expect(Buffer.from(result).toString('hex')).toBe(wanted)
})
