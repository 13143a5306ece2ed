import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { forget, mask, secretBytes, unmaskInto, withUnmasked } from './masked.ts'

const copy = (bytes: Uint8Array) => {
  const own = secretBytes(bytes.length)
  own.set(bytes)
  return own
}

it('gives back the bytes that were masked', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const masked = mask(copy(bytes))
      const out = new Uint8Array(bytes.length + 7)
      expect(unmaskInto(masked, out, 7)).toBe(bytes.length + 7)
      expect(out.subarray(7)).toEqual(bytes)
    }),
  )
})

it('wipes what it masks, and keeps the key in neither half', () => {
  const key = copy(randomBytes(32))
  const original = Buffer.from(key)
  const masked = mask(key)
  expect(key.every((byte) => byte === 0)).toBe(true)
  expect(original.equals(masked.pad)).toBe(false)
  expect(original.equals(masked.hidden)).toBe(false)
})

it('wipes the bytes that it lent, also when the use throws', () => {
  const masked = mask(copy(randomBytes(32)))
  let lent: Uint8Array | undefined
  expect(() =>
    withUnmasked(masked, (key) => {
      lent = key
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(lent?.every((byte) => byte === 0)).toBe(true)
})

it('holds small keys outside of the collector’s heap too', () => {
  expect(secretBytes(8).buffer.byteLength).toBe(8)
})

it('yields noise after it was told to forget', () => {
  const original = randomBytes(32)
  const masked = mask(copy(original))
  forget(masked)
  withUnmasked(masked, (key) => expect(original.equals(key)).toBe(false))
})
