import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { limits } from '../limits.ts'
import { mask, secretBytes } from '../secret/masked.ts'
import { createMatcher } from './matcher.ts'
import { createScrubStream } from './stream.ts'

const key = Buffer.from(randomBytes(20).toString('hex'))
const own = secretBytes(key.length)
own.set(key)
const matcher = createMatcher([{ masked: mask(own), phantom: Buffer.alloc(0) }])
const held = matcher.longest - 1

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A stream and what came out of it. */
function open(withCut = true) {
  const out: Buffer[] = []
  const cuts: number[] = []
  const stream = createScrubStream(matcher, {
    emit: (bytes) => void out.push(Buffer.from(bytes)),
    ...(withCut && { cut: () => void cuts.push(out.length) }),
  })
  return { ...stream, cuts, seen: () => Buffer.concat(out).toString('latin1') }
}

it('lets everything through but the key, in whatever pieces', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.constantFrom(key, key.subarray(0, 7), key.subarray(7), Buffer.alloc(200_000, 'x'), Buffer.alloc(held, 'y')),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const stream = open()
      for (const bytes of pieces) stream.push(bytes)
      stream.end()
      const whole = Buffer.concat(pieces).toString('latin1')
      expect(stream.seen()).toBe(whole.replaceAll(key.toString(), '0'.repeat(key.length)))
      expect(stream.cuts).toEqual([])
    }),
    { numRuns: 300 },
  )
})

describe('holds back', () => {
  it('as much as a key can be long, whatever it is', () => {
    for (const text of ['z', key.toString()]) {
      const stream = open()
      const body = Buffer.alloc(3 * held, text)
      for (const byte of body) stream.push(Uint8Array.of(byte))
      expect(stream.seen().length).toBe(2 * held)
    }
  })

  it('until nothing came for a while', () => {
    const stream = open()
    stream.push(Buffer.from('prompt> '))
    vi.advanceTimersByTime(limits.holdBackMs - 1)
    stream.push(Buffer.from('more'))
    vi.advanceTimersByTime(limits.holdBackMs - 1)
    expect(stream.seen()).toBe('')
    vi.advanceTimersByTime(1)
    expect(stream.seen()).toBe('prompt> more')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('until it is told that a message ended', () => {
    const stream = open()
    stream.push(Buffer.from('event'))
    stream.flush()
    expect(stream.seen()).toBe('event')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a key of which a part was let go', () => {
  it('ends what is emitted', () => {
    const stream = open()
    stream.push(Buffer.concat([Buffer.from('a '), key.subarray(0, 10)]))
    stream.flush()
    stream.push(Buffer.concat([key.subarray(10), Buffer.alloc(10_000, 'b')]))
    stream.push(Buffer.from('c'))
    stream.flush()
    stream.end()
    expect(stream.cuts).toEqual([1])
    expect(stream.seen()).toBe(`a ${key.subarray(0, 10)}`)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is overwritten from there on where nothing can be cut', () => {
    const stream = open(false)
    stream.push(key.subarray(0, 10))
    stream.flush()
    stream.push(Buffer.concat([key.subarray(10), Buffer.from(' b')]))
    stream.end()
    expect(stream.seen()).toBe(`${key.subarray(0, 10)}${'0'.repeat(key.length - 10)} b`)
  })
})

it('takes out a key that is the beginning of another one, whether that one comes or not', () => {
  const longer = Buffer.from(`${key}${randomBytes(20).toString('hex')}`)
  const both = [key, longer].map((bytes) => ({ masked: mask(Uint8Array.from(bytes)), phantom: Buffer.alloc(0) }))
  const out: Buffer[] = []
  const stream = createScrubStream(createMatcher(both), { emit: (bytes) => void out.push(Buffer.from(bytes)) })
  for (const bytes of [key, longer.subarray(key.length), Buffer.from(' '), key]) stream.push(bytes)
  vi.advanceTimersByTime(limits.holdBackMs)
  stream.push(Buffer.from(' '))
  stream.push(key)
  stream.end()
  const zeros = '0'.repeat(key.length)
  expect(Buffer.concat(out).toString()).toBe(`${'0'.repeat(longer.length)} ${zeros} ${zeros}`)
})
