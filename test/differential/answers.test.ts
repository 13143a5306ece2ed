import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answers, compareAnswers, knownAnswers } from './answers.ts'
import { type Client, openReplay, type Replay, startClients } from './clients.ts'
import { type Fronts, openFronts } from './fronts.ts'

let fronts: Fronts
let clients: Client[]
let replay: Replay
beforeAll(async () => {
  clients = startClients()
  ;[fronts, replay] = await Promise.all([openFronts(), openReplay()])
}, 180_000)
afterAll(async () => {
  for (const client of clients) client.close()
  replay.close()
  await fronts.close()
})

describe('what the doors answer is read alike by llhttp, Go, http.client and curl', () => {
  it.each(knownAnswers.map((known) => ({ name: known[0], known })))('$name', async ({ known }) => {
    const [, text, isLast = false, method = 'GET'] = known
    for (const front of fronts.fronts)
      expect(await compareAnswers(front, clients, replay, { text, isLast, method }), front.name).toEqual([])
  })

  it('100 answers of the grammar', async () => {
    for (const answer of fc.sample(answers, { seed: 1, numRuns: 100 }))
      for (const front of fronts.fronts)
        expect(await compareAnswers(front, clients, replay, answer), JSON.stringify(answer)).toEqual([])
  }, 60_000)

  it('as many others as 5 seconds hold', async () => {
    const property = fc.asyncProperty(answers, fc.nat(3), async (answer, index) => {
      const front = fronts.fronts[index]
      if (front) expect(await compareAnswers(front, clients, replay, answer)).toEqual([])
    })
    const end = performance.now() + 5_000
    while (performance.now() < end) await fc.assert(property, { numRuns: 10 })
  }, 60_000)
})
