import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { copyFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPlan } from '../../src/config/read-plan.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { type Ledger, startLedger } from './start-ledger.ts'
import { writeCertificates } from './write-certificates.ts'

const examples = join(import.meta.dirname, '../../examples')
const services = [
  ['billing', 'ruby', ['test/app_test.rb'], '7 runs, 11 assertions, 0 failures, 0 errors, 0 skips'],
  ['billing-node', process.execPath, ['--test', '--test-reporter=tap'], '# pass 6'],
] as const
let folder: string
let ledger: Ledger

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport ledger '))
  ledger = await startLedger(folder)
})
afterAll(async () => {
  await ledger.stop()
  await rm(folder, { recursive: true })
})

it.each(services)('%s passes its own tests bare, with its key', async (name, program, args, summary) => {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: join(examples, name),
    env: {
      PATH: process.env.PATH,
      LEDGER_URL: ledger.url,
      LEDGER_API_KEY: ledger.key,
      SSL_CERT_FILE: ledger.ca,
      NODE_EXTRA_CA_CERTS: ledger.ca,
    },
    timeout: 25_000,
  })
  expect(stdout).toContain(summary)
})

it.each(services)('%s has a sallyport.yaml that is read without a remark', async (name) => {
  const service = join(folder, name)
  await cp(join(examples, name), service, { recursive: true })
  await writeCertificates(service)
  await copyFile(ledger.ca, join(service, 'tls/ledger-ca.pem'))
  expect(
    await readPlan({ directory: service, environment: { LEDGER_API_KEY: ledger.key }, strict: false }),
  ).toMatchObject({
    plan: { keys: [{ name: 'ledger', urlEnvironment: 'LEDGER_URL' }], app: { listen: { port: 4567 } } },
    notices: [],
  })
})

it('answers 401 to another key, and repeats nothing of it', async () => {
  const other = stripeSecretKey.example(randomText())
  for (const field of [`Bearer ${other}`, `Basic ${btoa(`${other}:`)}`, '']) {
    expect(await ask('/v1/balance', field)).toEqual({ status: 401, body: '{"error":"unknown key"}' })
  }
  expect((await ask('/v1/balance', `Bearer ${ledger.key}`)).status).toBe(200)
})

function ask(path: string, authorization: string): Promise<{ status: number | undefined; body: string }> {
  const ca = readFileSync(ledger.ca, 'utf8')
  return new Promise((resolve, reject) => {
    request(ledger.url + path, { ca, agent: false, headers: { Authorization: authorization } }, async (response) => {
      const body = Buffer.concat(await response.toArray()).toString()
      resolve({ status: response.statusCode, body })
    })
      .on('error', reject)
      .end()
  })
}
