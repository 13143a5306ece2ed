import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from './compare.ts'
import { fill, inputs, known } from './corpus.ts'
import { type Fronts, openFronts } from './fronts.ts'
import { type Peers, startPeers } from './peers.ts'

let fronts: Fronts
let peers: Peers
beforeAll(async () => {
  ;[fronts, peers] = await Promise.all([openFronts(), startPeers()])
}, 180_000)
afterAll(async () => {
  await fronts.close()
  await peers.close()
})

/** What is not read alike at any front, in one text. */
async function disagreements(template: string): Promise<string> {
  const wrong: string[] = []
  for (const front of fronts.fronts)
    for (const problem of await compare(front, peers.peers, fill(template, front)))
      wrong.push(`${front.name}: ${problem}`)
  return wrong.join('\n')
}

it('every front passes a good request, and what it passes is read', async () => {
  for (const front of fronts.fronts) {
    const input = fill('GET «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n', front)
    const { answer, sent } = await front.pass(input)
    expect([front.name, answer.slice(0, 15), sent.length]).toEqual([front.name, 'HTTP/1.1 200 OK', 1])
    const request = sent[0]?.bytes ?? Buffer.alloc(0)
    for (const { name, read } of peers.peers)
      expect([name, (await read([request], 'sentinel')).readings.map((reading) => typeof reading)]).toEqual([
        name,
        ['object', 'object'],
      ])
  }
})

describe('what the doors pass is read alike by llhttp, Go, gunicorn, Puma, nginx and haproxy', () => {
  it.each(known)('%s', async (_name, template) => {
    expect(await disagreements(template)).toBe('')
  })

  it('200 inputs of the grammar', async () => {
    for (const template of fc.sample(inputs, { seed: 1, numRuns: 200 }))
      expect(await disagreements(template), JSON.stringify(template)).toBe('')
  }, 60_000)

  it('as many others as 15 seconds hold', async () => {
    const property = fc.asyncProperty(inputs, async (template) => {
      expect(await disagreements(template)).toBe('')
    })
    const end = performance.now() + 15_000
    // A failure prints its seed and the smallest input that fails.
    while (performance.now() < end) await fc.assert(property, { numRuns: 20 })
  }, 60_000)
})

it('a reader that frames otherwise is noticed', async () => {
  const [front] = fronts.fronts
  if (!front) throw new Error('no front')
  // Reads no content: what a body holds is a request to it.
  const careless = {
    name: 'careless',
    read: async (requests: readonly Buffer[]) => ({
      readings: requests
        .join('')
        .split('\r\n\r\n')
        .filter((head) => head !== '')
        .map((head) => ({ method: head.split(' ')[0] ?? '', target: head.split(' ')[1] ?? '', host: '', body: '' })),
      isClosed: true,
    }),
  }
  const hidden = known.find(([name]) => name === 'a POST with a hidden request as content')?.[1] ?? ''
  expect(await compare(front, [careless], fill(hidden, front))).not.toEqual([])
})
