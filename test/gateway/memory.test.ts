import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { checkoutWithout } from '../support/checkout-without.ts'
import { checkout, type RunningSallyport, runSallyport, temporaryFolder, until } from '../support/sallyport.ts'
import { scanMemory } from '../support/scan-memory.ts'
import { startUpstream, type TestUpstream } from '../support/upstream.ts'

/** The app: asks for its orders by a file, so that it makes the requests itself, with its phantom, over both modes. */
const app = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
const { LEDGER_URL, LEDGER_KEY, ORDERS } = process.env
const authorization = 'Bearer ' + LEDGER_KEY
const ask = async (url, init) => { const answer = await fetch(url, init); return (await answer.text()).length > 0 && answer.status }
const counts = {}
const count = (status) => { counts[status] = (counts[status] ?? 0) + 1 }
for (let i = 0; i < 500; i++) count(await ask(LEDGER_URL + '/v1/charges/' + i, { headers: { authorization } }))
for (let i = 0; i < 400; i++) count(await ask('https://ledger.test:' + process.env.LEDGER_PORT + '/v1/charges/' + i, { method: 'POST', headers: { authorization }, body: 'amount=' + i }))
await Promise.all(Array.from({ length: 100 }, async (_, i) => count(await ask(LEDGER_URL + '/v1/parallel/' + i, { headers: { authorization } }))))
for (let i = 0; i < 20; i++) count(await ask(LEDGER_URL + '/v1/refused', { headers: { authorization: 'Bearer wrong' } }))
writeFileSync(ORDERS, JSON.stringify(counts))
setInterval(() => {}, 1000)
`

let upstream: TestUpstream

beforeAll(async () => {
  upstream = await startUpstream(['ledger.test'])
})
afterAll(() => upstream.close())

interface Measured {
  readonly gateway: Readonly<Record<string, number>>
  readonly app: Readonly<Record<string, number>>
  readonly counts: Readonly<Record<string, number>>
  readonly written: string
}

/** Runs the thousand requests under the checkout at `root` and scans a second later. */
async function measure(root: string, secret: string): Promise<Measured> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'ca.pem'), upstream.caPem)
  writeFileSync(join(folder, 'app.mjs'), app)
  const orders = join(folder, 'done.json')
  let running: RunningSallyport | undefined
  try {
    running = await runSallyport({
      root,
      folder,
      command: [process.execPath, join(folder, 'app.mjs')],
      environment: { LEDGER_KEY: secret, ORDERS: orders, LEDGER_PORT: String(upstream.port) },
      config: `
keys:
  ledger:
    kind: stripe-secret-key
    hosts: ["ledger.test:${upstream.port}"]
    from: env:LEDGER_KEY
    env: LEDGER_KEY
    url_env: LEDGER_URL
egress:
  unsafe_resolve: { ledger.test: 127.0.0.1 }
  unsafe_addresses: [127.0.0.0/8]
  hosts: { "ledger.test:${upstream.port}": { ca: ca.pem } }
audit: { file: audit.jsonl }
`,
    })
    const { pid } = running.ready
    await until(
      () => readdirSync(folder).includes('done.json'),
      60_000,
      () => `the app did not finish:\n${running?.output()}`,
    )
    const end = Date.now() + 1_000
    await until(
      () => Date.now() >= end,
      2_000,
      () => '',
    )
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
    // Its end: an allocator writes over the first bytes of what was given back to it.
    const bytes = Buffer.from(secret.slice(-48))
    return {
      gateway: scanMemory(pid, bytes),
      app: Object.assign({}, ...children.map((child) => scanMemory(child, bytes))),
      counts: JSON.parse(readFileSync(orders, 'utf8')),
      written:
        running.output() +
        readFileSync(join(folder, 'audit.jsonl'), 'utf8') +
        readFileSync(`/proc/${pid}/environ`, 'latin1'),
    }
  } finally {
    await running?.stop()
  }
}

describe('one second after 1,000 requests', () => {
  it('no copy of the key is in the gateway, in the app, in a log or in an audit line', async () => {
    const secret = stripeSecretKey.example(randomText())
    const { gateway, app: inApp, counts, written } = await measure(checkout, secret)
    expect(counts).toEqual({ 200: 1_000, 403: 20 })
    const carried = upstream.seen.filter(({ fields }) => fields.includes(`Bearer ${secret}`))
    expect(carried).toHaveLength(1_000)
    expect(gateway).toEqual({})
    expect(inApp).toEqual({})
    expect(written).not.toContain(secret)
  }, 120_000)

  it('copies are found when the masking and the wiping are taken out', async () => {
    const root = checkoutWithout(
      { file: 'src/secret/masked.ts', line: 'randomFillSync(pad)', instead: 'pad.fill(0)' },
      { file: 'src/secret/masked.ts', line: 'bytes.fill(0, start, end)', instead: 'return void [bytes, start, end]' },
    )
    const { gateway, counts } = await measure(root, stripeSecretKey.example(randomText()))
    expect(counts).toEqual({ 200: 1_000, 403: 20 })
    expect(gateway.raw ?? 0).toBeGreaterThan(0)
  }, 120_000)
})
