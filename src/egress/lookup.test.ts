import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { limits } from '../limits.ts'
import { createLookup } from './lookup.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A resolver that answers when it is told to. */
function slowResolver() {
  const asked: string[] = []
  const answers = new Map<string, (addresses: readonly string[]) => void>()
  return {
    asked,
    answers,
    ask: (host: string) =>
      new Promise<readonly string[]>((resolve) => {
        asked.push(host)
        answers.set(host, resolve)
      }),
  }
}

it('asks once for a name, however many wait for it, and again for the next', async () => {
  const { asked, answers, ask } = slowResolver()
  const lookup = createLookup(ask)
  const both = Promise.all([lookup('a.test'), lookup('a.test')])
  answers.get('a.test')?.(['192.0.2.1'])
  expect(await both).toEqual([['192.0.2.1'], ['192.0.2.1']])
  void lookup('a.test')
  expect(asked).toEqual(['a.test', 'a.test'])
})

it('asks for no more names at once than the limit says; who waits has its turn, or is told in time', async () => {
  const { asked, answers, ask } = slowResolver()
  const lookup = createLookup(ask)
  const silent = Array.from({ length: limits.lookupsMax }, (_unused, index) => lookup(`silent-${index}.test`))
  const outcomes = Promise.allSettled(silent)
  const next = lookup('next.test')
  const last = Promise.allSettled([lookup('last.test')])
  expect(asked).toHaveLength(limits.lookupsMax)
  answers.get('silent-0.test')?.([])
  await silent[0]
  await vi.advanceTimersByTimeAsync(1)
  answers.get('next.test')?.(['192.0.2.2'])
  expect(await next).toEqual(['192.0.2.2'])
  await vi.advanceTimersByTimeAsync(limits.connectTimeoutMs)
  const late = { status: 'rejected', reason: expect.objectContaining({ code: 'ETIMEOUT' }) }
  expect((await outcomes).slice(1)).toEqual(silent.slice(1).map(() => late))
  expect(await last).toEqual([late])
})

it('that fails is asked for again', async () => {
  let count = 0
  const lookup = createLookup(async () => {
    if (++count === 1) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
    return ['192.0.2.1']
  })
  await expect(lookup('a.test')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  expect(await lookup('a.test')).toEqual(['192.0.2.1'])
})
