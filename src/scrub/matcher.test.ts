import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask, secretBytes } from '../secret/masked.ts'
import { spellings } from '../secret/spellings.ts'
import { createMatcher, type Matcher, type Secret } from './matcher.ts'

function secretOf(key: Uint8Array, phantom: Uint8Array = Buffer.alloc(0)): Secret {
  const own = secretBytes(key.length)
  own.set(key)
  return { masked: mask(own), phantom }
}

const visible = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i))
const alphanumeric = visible.filter((character) => /[0-9A-Za-z]/.test(character))
/** Without those that begin an escape: at the end of a piece one can be a part of the key as it stands. */
const punctuation = visible.filter((character) => !/[0-9A-Za-z%&\\]/.test(character))
const textOf = (characters: readonly string[], minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { minLength, maxLength }).map((all) => Buffer.from(all.join('')))

const keys = fc.oneof(textOf(visible, 8, 60), textOf(alphanumeric, 8, 60), textOf(alphanumeric, 8, 20))

/** Scrubs `bytes` as a whole, as far as it goes, at an address of its own. */
function scrubbed(matcher: Matcher, bytes: Uint8Array, offset: number): { at: number; bytes: Buffer } {
  const copy = Buffer.from(new ArrayBuffer(bytes.length + offset)).subarray(offset)
  copy.set(bytes)
  return { at: matcher.scrub(copy, 0, 0, copy.length), bytes: copy }
}

/** As a stream would: holds back `longest - 1` bytes, whatever they are. */
function streamed(matcher: Matcher, pieces: readonly Uint8Array[]): Buffer {
  const held = matcher.longest - 1
  let window = Buffer.alloc(0)
  const out: Uint8Array[] = []
  for (const piece of pieces) {
    const from = window.length
    window = Buffer.concat([window, piece])
    matcher.scrub(window, 0, from, window.length, true)
    const go = Math.max(0, window.length - held)
    out.push(Buffer.from(window.subarray(0, go)))
    window = Buffer.from(window.subarray(go))
  }
  matcher.scrub(window, 0, window.length, window.length)
  return Buffer.concat([...out, window])
}

const split = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...places, bytes.length].map((end, i) => bytes.subarray(places[i - 1] ?? 0, end))
}

const noise = fc.uint8Array({ maxLength: 40 })

/** No zero byte: with one more of those UTF-16 can be read in both orders. */
const space = Buffer.from(' ')

describe('a key that is a part of another', () => {
  it('leaves nothing of that one behind, in every spelling, over every split', () => {
    // No character twice: a key that overlaps with itself may be found in more places than one.
    const part = fc.shuffledSubarray(alphanumeric, { minLength: 8 }).map((all) => Buffer.from(all.join('')))
    const side = fc.shuffledSubarray(punctuation, { maxLength: 12 }).map((all) => Buffer.from(all.join('')))
    fc.assert(
      fc.property(side, part, side, noise, fc.array(fc.nat(), { maxLength: 8 }), (left, part, right, after, cuts) => {
        const whole = Buffer.concat([left, part, right])
        const matcher = createMatcher([secretOf(part), secretOf(whole)])
        for (const { name, bytes } of spellings(whole)) {
          const body = Buffer.concat([bytes, space, part, space, after])
          const pieces = split(body, [...cuts, bytes.length - right.length])
          expect(streamed(matcher, pieces), `${name}, in pieces`).toEqual(scrubbed(matcher, body, 0).bytes)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('finds a key', () => {
  it('in every spelling, at every alignment, over every split', () => {
    fc.assert(
      fc.property(
        keys,
        noise,
        noise,
        fc.integer({ min: 0, max: 7 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (key, before, after, offset, cuts) => {
          const matcher = createMatcher([secretOf(key)])
          for (const { name, bytes } of spellings(key)) {
            const body = Buffer.concat([before, bytes, after])
            const whole = scrubbed(matcher, body, offset)
            expect(whole.bytes.includes(bytes), `${name}, whole`).toBe(false)
            expect(whole.at, `${name}, where`).toBeLessThanOrEqual(before.length)
            expect(whole.at, `${name}, where`).toBeGreaterThanOrEqual(0)
            expect(streamed(matcher, split(body, cuts)).includes(bytes), `${name}, in pieces`).toBe(false)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('that arrives byte by byte', () => {
    fc.assert(
      fc.property(keys, noise, noise, (key, before, after) => {
        const matcher = createMatcher([secretOf(key)])
        for (const { name, bytes } of spellings(key)) {
          const body = Buffer.concat([before, bytes, after])
          expect(streamed(matcher, split(body, [...body.keys()])).includes(bytes), name).toBe(false)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('with any of its characters escaped in one way', () => {
    const ways = [
      (_: number, digits: string) => `%${digits}`,
      (_: number, digits: string) => `%${digits.toUpperCase()}`,
      (_: number, digits: string) => `\\u00${digits}`,
      (_: number, digits: string) => `\\x${digits}`,
      (_: number, digits: string) => `\\u{${digits}}`,
      (_: number, digits: string) => `&#x${digits};`,
      (_: number, digits: string) => `&#x00${digits};`,
      (byte: number) => `&#${byte};`,
      (byte: number) => `&#0${byte};`,
    ]
    fc.assert(
      fc.property(
        textOf(alphanumeric, 8, 60),
        fc.constantFrom(...ways),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        noise,
        (key, write, chosen, before) => {
          const text = [...key].map((byte, i) =>
            chosen[i] ? write(byte, byte.toString(16).padStart(2, '0')) : String.fromCharCode(byte),
          )
          const body = Buffer.concat([before, Buffer.from(text.join(''))])
          const { at, bytes } = scrubbed(createMatcher([secretOf(key)]), body, 0)
          expect(at).toBe(before.length)
          expect(bytes.subarray(at).toString()).toMatch(/^0+$/)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('as real encoders write it', () => {
    fc.assert(
      fc.property(keys, noise, (key, before) => {
        const text = key.toString()
        const standard = Buffer.concat([before, key]).toString('base64')
        const written = [
          encodeURIComponent(text),
          encodeURI(text),
          new URLSearchParams({ '': text }).toString(),
          JSON.stringify(text),
          JSON.stringify(text).replaceAll('/', '\\/'),
          encodeURIComponent(standard),
          JSON.stringify(standard).replaceAll('/', '\\/'),
          JSON.stringify(Buffer.from(text, 'utf16le').toString('latin1')),
          encodeURIComponent(Buffer.from(text, 'utf16le').swap16().toString('latin1')),
        ]
        const matcher = createMatcher([secretOf(key)])
        for (const one of written) expect(scrubbed(matcher, Buffer.from(one), 0).at, one).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('among a thousand, and names where the first one stands', () => {
    const all = Array.from({ length: 1_000 }, () => Buffer.from(`sk_live_${randomBytes(18).toString('base64url')}`))
    const matcher = createMatcher(all.map((key) => secretOf(key)))
    const body = Buffer.from(all.join(' '))
    const { at, bytes } = scrubbed(matcher, Buffer.concat([Buffer.from('first: '), body]), 3)
    expect(at).toBe(7)
    expect(bytes.toString()).toMatch(/^first: [0 ]+$/)
  })
})

describe('overwrites', () => {
  it('keys that follow one another and keys that overlap, leaving nothing of either', () => {
    const [a, b] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')]
    const [first, second] = [Buffer.from(`${a}${b}`), Buffer.from(`${b}${a}`)]
    const matcher = createMatcher([secretOf(first), secretOf(second)])
    expect(scrubbed(matcher, Buffer.concat([first, first, second]), 1).bytes.toString()).toMatch(/^0+$/)
    expect(scrubbed(matcher, Buffer.from(`${a}${b}${a}${b}${a}`), 2).bytes.toString()).toMatch(/^0+$/)
  })

  it('with the phantom in the same spelling where that has the same length', () => {
    fc.assert(
      fc.property(textOf(alphanumeric, 40, 40), textOf(alphanumeric, 40, 40), (key, phantom) => {
        const matcher = createMatcher([secretOf(key, phantom)])
        const expected = new Map(spellings(phantom).map(({ name, bytes }) => [name, bytes]))
        for (const { name, bytes } of spellings(key)) {
          const found = scrubbed(matcher, bytes, 0)
          // Two digits of one character and three of another have no common length.
          if (name.startsWith('HTML numbers')) continue
          // Of digits alone nobody can tell which case the letters have.
          const written = found.bytes.toString('latin1')
          expect(written.toLowerCase(), name).toBe(expected.get(name)?.toString('latin1').toLowerCase())
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('lets through', () => {
  it('a key that lies before `from`, or is not whole in the range', () => {
    const key = randomBytes(20).toString('hex')
    const body = Buffer.from(`..${key}..`)
    const matcher = createMatcher([secretOf(Buffer.from(key))])
    const end = 2 + key.length
    expect(matcher.scrub(Buffer.from(body), 0, end, body.length)).toBe(-1)
    expect(matcher.scrub(Buffer.from(body), 3, 0, body.length)).toBe(-1)
    expect(matcher.scrub(Buffer.from(body), 0, 0, end - 1)).toBe(-1)
    expect(matcher.scrub(Buffer.from(body), 2, end - 1, end)).toBe(2)
  })

  it('everything that is no key: random bytes, text, near misses', () => {
    const secrets = Array.from({ length: 10 }, () => Buffer.from(`sk_live_${randomBytes(24).toString('base64url')}`))
    const short = secrets.map(() => randomBytes(6).toString('base64url'))
    const matcher = createMatcher([...secrets, ...short.map((text) => Buffer.from(text))].map((key) => secretOf(key)))
    const first = secrets[0] as Buffer
    const bodies = [
      randomBytes(1_048_576),
      Buffer.from(randomBytes(786_432).toString('base64')),
      Buffer.from(randomBytes(524_288).toString('hex')),
      Buffer.from(encodeURIComponent(randomBytes(262_144).toString('latin1'))),
      Buffer.from(JSON.stringify(randomBytes(262_144).toString('latin1'))),
      Buffer.alloc(65_536, 'sk_live_'),
      Buffer.alloc(65_536, `${first.subarray(1)} `),
      Buffer.alloc(65_536, `${first.subarray(0, -1)} `),
      Buffer.alloc(65_536, '%73k_live_'),
    ]
    for (const body of bodies) {
      const { at, bytes } = scrubbed(matcher, body, 1)
      expect(at).toBe(-1)
      expect(bytes.equals(body)).toBe(true)
    }
  })

  it('everything where there is no key at all', () => {
    const matcher = createMatcher([])
    expect(matcher.longest).toBe(1)
    expect(scrubbed(matcher, Buffer.from('text'), 0).at).toBe(-1)
  })
})
