import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadKinds } from '../keys/load-kinds.ts'
import { randomText } from '../keys/random.ts'
import { findKeys } from './find-keys.ts'

const kinds = (await loadKinds()).filter(({ shape }) => shape)
const random = randomText()

it.each(kinds.map((kind) => [kind.id, kind] as const))('finds %s and knows its phantoms', (_id, kind) => {
  const key = kind.example(random)
  expect(findKeys(kinds, `{"key":"${key}"}`)).toMatchObject([{ text: key, isPhantom: false, at: 8 }])
  for (let times = 0; times < 50; times++) {
    const phantom = kind.phantom(random, { prefix: kind.shape?.prefixes[0] ?? '', length: key.length })
    expect(findKeys(kinds, `key="${phantom}".`)).toMatchObject([{ text: phantom, isPhantom: true }])
  }
})

it.each(kinds.map((kind) => [kind.id, kind] as const))('does not find %s inside of a longer word', (_id, kind) => {
  expect(findKeys([kind], `x${kind.example(random)}`)).toEqual([])
})

it('takes what people write in examples for no secret', () => {
  expect(findKeys(kinds, 'connect with postgres://user:password@localhost/app')).toEqual([])
})

it('takes any text without failing, and quickly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => Array.isArray(findKeys(kinds, text))))
  for (const bit of ['sk_live_', 'sk-', 'ghp_', 'SG.', 'key-', 'fo1_', 'glpat-', '%73', '&#x73;', 'A']) {
    const startedMs = performance.now()
    findKeys(kinds, bit.repeat(1_048_576 / bit.length))
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  }
})
