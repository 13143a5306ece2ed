import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spellings } from './spellings.ts'

const secrets = fc.uint8Array({ minLength: 12, maxLength: 60 })

it('finds the secret in base64 of any text around it', () => {
  fc.assert(
    fc.property(secrets, fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), (secret, before, after) => {
      const text = Buffer.concat([before, secret, after]).toString('base64')
      expect(spellings(secret).some((spelling) => text.includes(spelling.bytes.toString('latin1')))).toBe(true)
    }),
  )
})

it.each([
  ['hex', (secret: Buffer) => Buffer.from(secret.toString('hex'))],
  ['UTF-16', (secret: Buffer) => Buffer.from(secret.toString('latin1'), 'utf16le')],
  ['itself', (secret: Buffer) => secret],
])('finds the secret as %s', (_name, write) => {
  fc.assert(
    fc.property(secrets, (bytes) => {
      const written = write(Buffer.from(bytes))
      expect(spellings(bytes).some((spelling) => written.includes(spelling.bytes))).toBe(true)
    }),
  )
})
