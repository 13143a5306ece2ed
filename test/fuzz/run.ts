import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { openFronts } from '../differential/fronts.ts'
import { checkExchange, exchangeCases } from './exchanges.ts'
import { checkParsers, parserCases } from './parsers.ts'

// node test/fuzz/run.ts --minutes N [--seed N]: parsers for a third of the time, whole exchanges for the rest.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } })
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const limitMs = Number(values.minutes) * 60_000
const { fronts, keyLength, close } = await openFronts()
let found = 0
let last: unknown
process.on('uncaughtException', (error) => {
  found++
  console.log(`raised ${error.stack} after ${JSON.stringify(last)}`)
})

async function search<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  lengthMs: number,
  check: (sample: T, count: number) => Promise<string | undefined> | string | undefined,
): Promise<void> {
  const start = performance.now()
  let count = 0
  for (let round = 0; performance.now() - start < lengthMs; round++) {
    for (const sample of fc.sample(arbitrary, { seed: seed + round, numRuns: 200 })) {
      if (performance.now() - start > lengthMs) break
      last = sample
      const problem = await check(sample, count++)
      if (!problem) continue
      found++
      console.log(`${name}: ${problem}\n  ${JSON.stringify(sample)}`)
    }
  }
  const perSecond = Math.round((count * 1_000) / (performance.now() - start))
  console.log(`${name}: ${count} cases, ${perSecond} a second, seed ${seed}`)
}

await search('parsers', parserCases, limitMs / 3, checkParsers)
await search('exchanges', exchangeCases(keyLength), (limitMs * 2) / 3, (sample, count) => {
  const front = fronts[count % fronts.length]
  return front && checkExchange(front, sample).then((problem) => problem && `${front.name}: ${problem}`)
})
console.log(`${found} findings`)
await close()
process.exitCode = found > 0 ? 1 : 0
