import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBase64, decodeHex } from './decode-text.ts'

it.each(['base64', 'base64url', 'hex'] as const)('decodes what Buffer writes as %s', (encoding) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(Buffer.from(bytes).toString(encoding))
      expect((encoding === 'hex' ? decodeHex : decodeBase64)(text)).toEqual(bytes)
    }),
  )
})

it.each(['A', 'AAAAA', 'AA AA', 'AA=A', '=AAA', 'AA\n', 'A===', 'sallyport.'])('takes %j for no base64', (text) =>
  expect(decodeBase64(Buffer.from(text))).toBeUndefined(),
)

it.each(['0', '0g', '0x00', ' 00', '00\n'])('takes %j for no hexadecimal digits', (text) =>
  expect(decodeHex(Buffer.from(text))).toBeUndefined(),
)
