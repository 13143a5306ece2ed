import { expect, it } from 'vitest'
import { entriesText, plainPayload } from './payload.ts'

it.each([1, 1024, 65_536, 70_001])('makes a text of %i bytes, the same each time', (bytes) => {
  const text = entriesText(bytes)
  expect(Buffer.byteLength(text)).toBe(bytes)
  expect(entriesText(bytes)).toBe(text)
})

it('aims lower where there is little to carry, and asks for large answers over few connections', () => {
  expect(plainPayload(1024)).toMatchObject({ name: '1 KiB', cpuRatioMax: 1.2 })
  expect(plainPayload(65_536)).toMatchObject({ name: '64 KiB', cpuRatioMax: 1.5 })
  expect(plainPayload(10_485_760)).toMatchObject({ name: '10 MiB', connectionsMax: 4 })
  expect(plainPayload(1500).name).toBe('1500 B')
})
