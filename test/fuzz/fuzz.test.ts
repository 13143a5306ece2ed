import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fronts, openFronts } from '../differential/fronts.ts'
import { checkExchange, type ExchangeCase, exchangeCases } from './exchanges.ts'
import { checkParsers, parserCases } from './parsers.ts'

let fronts: Fronts
beforeAll(async () => {
  fronts = await openFronts()
}, 60_000)
afterAll(() => fronts.close())

it('cut anywhere, the parsers read what they read in one piece', () => {
  const end = performance.now() + 5_000
  // A failure prints its seed and the smallest case that fails.
  const property = fc.property(parserCases, (sample) => {
    expect(checkParsers(sample)).toBe(undefined)
  })
  while (performance.now() < end) fc.assert(property, { numRuns: 500 })
}, 60_000)

it('however an exchange is cut and wherever it breaks, it ends, is answered once, and shows no key', async () => {
  const end = performance.now() + 15_000
  const property = fc.asyncProperty(exchangeCases(fronts.keyLength), fc.nat(3), async (sample, index) => {
    const front = fronts.fronts[index]
    if (front) expect(await checkExchange(front, sample)).toBe(undefined)
  })
  while (performance.now() < end) await fc.assert(property, { numRuns: 50 })
}, 60_000)

it('a key that comes back, and two answers for one, are noticed', async () => {
  const [front] = fronts.fronts
  if (!front) throw new Error('no front')
  const sample: ExchangeCase = {
    input: 'GET «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n',
    inputCuts: [],
    isReset: false,
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    answerCuts: [],
    ends: 'end',
  }
  expect(await checkExchange(front, sample)).toBe(undefined)
  const passed = await front.pass(sample.input.replaceAll('«prefix»', front.prefix).replaceAll('«host»', front.host))
  const twice = `${passed.answer}${passed.answer}`
  const faulty = (more: object) => ({ ...front, passPieces: async () => ({ ...passed, ...more }) })
  expect(await checkExchange(faulty({ showsKey: true }), sample)).toMatch(/key/)
  expect(await checkExchange(faulty({ answer: twice }), sample)).toMatch(/answer/)
  expect(await checkExchange(faulty({ isClosed: false }), sample)).toMatch(/close/)
})
