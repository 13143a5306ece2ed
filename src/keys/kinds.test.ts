import { describe, expect, it } from 'vitest'
import { isKey, isNamedKey, type KeyKind, keyAt, likenessOf } from './kind.ts'
import { loadKinds } from './load-kinds.ts'
import { randomText } from './random.ts'

const kinds = await loadKinds()
const random = randomText()

describe.each(kinds.map((kind) => [kind.id, kind] as const))('%s', (_id, kind) => {
  it('recognises its own examples, and nothing shorter', () => {
    for (let i = 0; i < 50; i++) {
      const key = kind.example(random)
      // Without a form of its own it is known by its name alone.
      expect(isKey(kind, key)).toBe(kind.shape !== undefined)
      expect(isKey(kind, key.slice(0, 7))).toBe(false)
      if (kind.shape) expect(keyAt(kind, `x = "${key}"`, 5)).toBe(5 + key.length)
    }
  })

  it('makes phantoms that are taken for keys of its own by their name, where its keys are', () => {
    const key = kind.example(random)
    const phantom = kind.phantom(random, likenessOf(kind, Buffer.from(key)))
    for (const variable of kind.environment) {
      const isTaken = kind.shape === undefined && kind.fits !== undefined
      expect(isNamedKey(kind, variable, holding(kind, variable, key))).toBe(isTaken)
      expect(isNamedKey(kind, variable, holding(kind, variable, phantom))).toBe(isTaken)
      expect(isNamedKey(kind, 'ANOTHER_NAME', holding(kind, 'ANOTHER_NAME', key))).toBe(false)
    }
  })

  it('makes phantoms of its own shape and length, each a different one, that a person recognises', () => {
    const key = kind.example(random)
    const like = likenessOf(kind, Buffer.from(key))
    const phantoms = new Set(Array.from({ length: 100 }, () => kind.phantom(random, like)))
    expect(phantoms.size).toBe(100)
    for (const phantom of phantoms) {
      expect(isKey(kind, phantom)).toBe(kind.shape !== undefined)
      expect(phantom.length).toBe(key.length)
    }
  })

  it('has nested quantifiers nowhere, so that no text makes it slow', () => {
    const { shape } = kind
    expect(shape?.pattern.source ?? '').not.toMatch(/[+*}]\)[+*{]/)
    for (const prefix of shape?.prefixes ?? []) expect(prefix.length).toBeGreaterThan(2)
  })

  it('names at least one variable, and a host and a carrier unless it stays', () => {
    expect(kind.environment.length).toBeGreaterThan(0)
    expect(kind.hosts.length > 0).toBe(kind.use !== 'stays')
    expect(kind.carriers.length > 0).toBe(kind.use !== 'stays')
    expect(kind.documentation).toMatch(/^https:\/\//)
  })
})

/** An environment in which the variable holds `key`, beside the public half that its kind may ask for. */
function holding({ beside }: KeyKind, variable: string, key: string): Record<string, string> {
  return { ...(beside ? { [beside.variable]: beside.example(random) } : {}), [variable]: key }
}

it('takes a key by its name for one kind alone', () => {
  for (const kind of kinds.filter(({ shape }) => !shape)) {
    const key = kind.example(random)
    for (const variable of kind.environment) {
      const takers = kinds.filter((other) => isNamedKey(other, variable, holding(kind, variable, key)))
      expect(takers.map(({ id }) => id)).toEqual(kind.fits ? [kind.id] : [])
    }
  }
})

it('gives no example to two kinds', () => {
  for (const kind of kinds) {
    const key = kind.example(random)
    expect(kinds.filter((other) => isKey(other, key)).map(({ id }) => id)).toEqual(kind.shape ? [kind.id] : [])
  }
})

it('refuses a GitHub token with a wrong checksum', () => {
  const kind = kinds.find(({ id }) => id === 'github-personal-token')
  const key = kind?.example(random) ?? ''
  const last = key.endsWith('0') ? '1' : '0'
  expect(kind && isKey(kind, key.slice(0, -1) + last)).toBe(false)
})
