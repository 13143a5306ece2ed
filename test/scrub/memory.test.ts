import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkoutWithout } from '../support/checkout-without.ts'
import { checkout, temporaryFolder } from '../support/sallyport.ts'
import { scanMemory } from '../support/scan-memory.ts'

/** Letters and digits that follow from a seed: both processes can make them, and neither tells the other. */
const derive = `(seed, into) => {
  for (let i = 0; i < into.length; i++) {
    const value = createHash('sha256').update(seed + ':' + i).digest()[0] % 62
    into[i] = value < 10 ? 48 + value : value < 36 ? 55 + value : 61 + value
  }
  return into
}`
const derived = new Function('createHash', `return ${derive}`)(createHash) as (
  seed: string,
  into: Uint8Array,
) => Uint8Array

const keyBytes = 40

/** Makes a matcher of keys, lets it find them in every spelling. */
const program = (root: string, seed: string) => `
import { createHash } from 'node:crypto'
import { createMatcher } from '${pathToFileURL(join(root, 'src/scrub/matcher.ts'))}'
import { createScrubStream } from '${pathToFileURL(join(root, 'src/scrub/stream.ts'))}'
import { spellings } from '${pathToFileURL(join(root, 'src/scrub/spelling.ts'))}'
import { mask, secretBytes } from '${pathToFileURL(join(root, 'src/secret/masked.ts'))}'
const derive = ${derive}
const seeds = Array.from({ length: 10 }, (_, i) => '${seed}' + i)
const matcher = createMatcher(seeds.map((seed) => ({
  masked: mask(derive(seed, secretBytes(${keyBytes}))),
  phantom: new Uint8Array(0),
})))
const key = secretBytes(${keyBytes})
let found = 0
const body = secretBytes(300)
for (let round = 0; round < 300; round++) {
  for (const seed of seeds) {
    for (const { write } of spellings) {
      body.fill(0)
      const length = write(derive(seed, key), ${keyBytes}, body)
      if (round === 0) matcher.scrub(body, 0, 0, length - 1)
      if (matcher.scrub(body, 0, 0, 300) === 0) found++
    }
    if (round > 0) break
  }
}
const stream = createScrubStream(matcher, { emit() {} })
stream.push(derive(seeds[0], key))
stream.end()
key.fill(0)
console.log(found)
setInterval(() => matcher.scrub(body, 0, 0, 1), 1000)
`

async function copiesAfter(root: string) {
  const folder = temporaryFolder()
  const seed = randomBytes(8).toString('hex')
  writeFileSync(join(folder, 'program.mjs'), program(root, seed))
  const child = spawn(process.execPath, [join(folder, 'program.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [text] = await once(child.stdout, 'data')
    const key = derived(`${seed}0`, Buffer.alloc(keyBytes))
    return { found: Number(text), copies: scanMemory(child.pid as number, key) }
  } finally {
    child.kill('SIGKILL')
  }
}

describe('after a matcher was made and has found keys in every spelling', () => {
  it('no copy of a key is in memory', async () => {
    const { found, copies } = await copiesAfter(checkout)
    expect(found).toBeGreaterThan(1_000)
    expect(copies).toEqual({})
  })

  it('copies are when nothing is wiped', async () => {
    const root = checkoutWithout({
      file: 'src/secret/masked.ts',
      line: 'bytes.fill(0, start, end)',
      instead: 'return void [bytes, start, end]',
    })
    expect((await copiesAfter(root)).copies.raw ?? 0).toBeGreaterThan(0)
  })
})
