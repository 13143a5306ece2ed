import { describe, expect, it } from 'vitest'
import { isKey, keyAt, likenessOf } from './kind.ts'
import { loadKinds } from './load-kinds.ts'
import { randomText } from './random.ts'

const kinds = await loadKinds()
const random = randomText()

describe.each(kinds.map((kind) => [kind.id, kind] as const))('%s', (_id, kind) => {
  it('recognises its own examples, and nothing shorter', () => {
    for (let i = 0; i < 50; i++) {
      const key = kind.example(random)
      expect(isKey(kind, key)).toBe(true)
      expect(isKey(kind, key.slice(0, 12))).toBe(false)
      expect(keyAt(kind, `x = "${key}"`, 5)).toBe(5 + key.length)
    }
  })

  it('makes phantoms of its own shape, each a different one', () => {
    const like = likenessOf(kind, Buffer.from(kind.example(random)))
    const phantoms = new Set(Array.from({ length: 100 }, () => kind.phantom(random, like)))
    expect(phantoms.size).toBe(100)
    for (const phantom of phantoms) expect(isKey(kind, phantom)).toBe(true)
  })

  it('has nested quantifiers nowhere, so that no text makes it slow', () => {
    const { shape } = kind
    expect(shape?.pattern.source ?? '').not.toMatch(/[+*}]\)[+*{]/)
    for (const prefix of shape?.prefixes ?? []) expect(prefix.length).toBeGreaterThan(2)
  })

  it('names at least one host, one carrier and one variable', () => {
    expect(Math.min(kind.hosts.length, kind.carriers.length, kind.environment.length)).toBeGreaterThan(0)
  })
})

it('gives no example to two kinds', () => {
  for (const kind of kinds) {
    const key = kind.example(random)
    expect(kinds.filter((other) => isKey(other, key)).map(({ id }) => id)).toEqual([kind.id])
  }
})

it('refuses a GitHub token with a wrong checksum', () => {
  const kind = kinds.find(({ id }) => id === 'github-personal-token')
  const key = kind?.example(random) ?? ''
  const last = key.endsWith('0') ? '1' : '0'
  expect(kind && isKey(kind, key.slice(0, -1) + last)).toBe(false)
})
