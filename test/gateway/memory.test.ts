import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
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
let echoing: TestUpstream

beforeAll(async () => {
  upstream = await startUpstream(['ledger.test'])
  echoing = await startEchoing()
})
afterAll(async () => {
  await upstream.close()
  await echoing.close()
})

/** Sends the key back in each answer: in a field, raw and in base64, plain, in gzip and in deflate, at once and in two parts. */
async function startEchoing(isPlain = false): Promise<TestUpstream> {
  const encode = [(bytes: Buffer) => bytes, gzipSync, deflateSync]
  const codings = ['', 'gzip', 'deflate']
  let count = 0
  const started = await startUpstream(['ledger.test'], (request, response) => {
    const key = request.headers.authorization ?? ''
    const pad = randomBytes(1_000).toString('hex')
    const text = JSON.stringify({ pad, key, coded: Buffer.from(key).toString('base64'), again: pad })
    const which = isPlain ? 0 : count++ % 6
    const coding = codings[which % 3] ?? ''
    const body = encode[which % 3]?.(Buffer.from(text)) ?? Buffer.from(text)
    request.resume()
    request.on('end', () => {
      started.seen.push({ method: '', url: '', fields: request.rawHeaders, body: '' })
      response.statusCode = key.includes('wrong') ? 403 : 200
      response.setHeader('X-Echo', key)
      if (coding !== '') response.setHeader('Content-Encoding', coding)
      if (which < 3) response.end(body)
      else {
        response.write(body.subarray(0, 900))
        setTimeout(() => response.end(body.subarray(900)), 2)
      }
    })
  })
  return started
}

interface Measured {
  readonly gateway: Readonly<Record<string, number>>
  readonly app: Readonly<Record<string, number>>
  readonly counts: Readonly<Record<string, number>>
  readonly written: string
}

/** Runs the thousand requests under the checkout at `root` and scans a second later. */
async function measure(root: string, secret: string, upstream: TestUpstream): Promise<Measured> {
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
    const { gateway, app: inApp, counts, written } = await measure(checkout, secret, upstream)
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
    const { gateway, counts } = await measure(root, stripeSecretKey.example(randomText()), upstream)
    expect(counts).toEqual({ 200: 1_000, 403: 20 })
    expect(gateway.raw ?? 0).toBeGreaterThan(0)
  }, 120_000)
})

describe('one second after 1,000 answers that hold the key', () => {
  it('no copy of it is in the gateway or in the app', async () => {
    const { gateway, app: inApp, counts } = await measure(checkout, stripeSecretKey.example(randomText()), echoing)
    expect(counts).toEqual({ 200: 1_000, 403: 20 })
    expect(gateway).toEqual({})
    expect(inApp).toEqual({})
  }, 120_000)

  it.each([
    [
      'OpenSSL keeps what it has decrypted',
      false,
      {
        file: 'src/gateway/open-gateway.ts',
        line: 'const cleansePlaintext = 0x2',
        instead: 'const cleansePlaintext = 0',
      },
    ],
    [
      'the stack is left as it is',
      true,
      { file: 'src/relay/serve.ts', line: 'if (echoed) setImmediate(wipeStack)', instead: 'void wipeStack' },
    ],
    [
      'what was decoded is left',
      false,
      { file: 'src/scrub/codings.ts', line: 'wipe(piece, 0, written)', instead: 'void written' },
    ],
  ] as const)(
    'copies are found where %s',
    async (_name, isPlain, removal) => {
      const own = await startEchoing(isPlain)
      const { gateway } = await measure(checkoutWithout(removal), stripeSecretKey.example(randomText()), own)
      await own.close()
      expect(Object.values(gateway).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0)
    },
    120_000,
  )
})
