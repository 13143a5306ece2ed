import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { answers, compareAnswers } from './answers.ts'
import { openReplay, startClients } from './clients.ts'
import { compare } from './compare.ts'
import { fill, inputs } from './corpus.ts'
import { openFronts } from './fronts.ts'
import { startPeers } from './peers.ts'

// node test/differential/run.ts --minutes N [--seed N]: requests for three quarters of the time, answers for the rest.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } })
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const limitMs = Number(values.minutes) * 60_000
const { fronts, close } = await openFronts()
const peers = await startPeers()
const clients = startClients()
const replay = await openReplay()
let found = 0

/** Tries samples of `arbitrary` at every front for so long, and prints what does not agree. */
async function search<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  lengthMs: number,
  check: (sample: T, front: (typeof fronts)[number]) => Promise<readonly string[]>,
): Promise<void> {
  const end = performance.now() + lengthMs
  let count = 0
  for (let round = 0; performance.now() < end; round++) {
    for (const sample of fc.sample(arbitrary, { seed: seed + round, numRuns: 100 })) {
      for (const front of fronts) {
        count++
        const wrong = await check(sample, front)
        if (wrong.length === 0) continue
        found++
        console.log(`${front.name}: ${JSON.stringify(sample)}\n  ${wrong.join('\n  ')}`)
      }
      if (performance.now() > end) break
    }
  }
  console.log(`${name}: ${count} inputs, seed ${seed}`)
}

await search('requests', inputs, (limitMs * 3) / 4, (template, front) =>
  compare(front, peers.peers, fill(template, front)),
)
await search('answers', answers, limitMs / 4, (answer, front) => compareAnswers(front, clients, replay, answer))
console.log(`${found} disagreements`)
for (const client of clients) client.close()
replay.close()
await close()
await peers.close()
process.exitCode = found > 0 ? 1 : 0
