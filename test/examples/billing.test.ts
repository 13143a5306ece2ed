import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readPlan } from '../../src/config/read-plan.ts'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { serviceIn } from './service-in.ts'
import { type Ledger, startLedger } from './start-ledger.ts'

const examples = join(import.meta.dirname, '../../examples')
const sallyport = join(examples, '../sallyport')
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
  const service = await serviceIn(folder, name, ledger)
  const environment = { LEDGER_API_KEY: ledger.key }
  expect(await readPlan({ directory: service, environment, strict: false })).toMatchObject({
    plan: { keys: [{ name: 'ledger', urls: [{ variable: 'LEDGER_URL', path: '' }] }], app: { listen: { port: 4567 } } },
    notices: [],
  })
})

it.each(services)('%s passes its own tests under run, and never has its key', async (name, program, args, summary) => {
  const service = await serviceIn(folder, name, ledger)
  const state = join(service, 'state')
  const { stdout, stderr } = await promisify(execFile)(sallyport, ['run', '--', program, ...args], {
    cwd: service,
    env: { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: state, LEDGER_API_KEY: ledger.key },
    timeout: 25_000,
  })
  expect(stdout).toContain(summary)
  // The service writes at its start what it takes for its key.
  expect(stdout).toMatch(/billing talks to http:\/\/127\.0\.0\.1:\d+\/ledger with sk_live_PHANTOM/)
  const audit = await readFile(join(state, 'sallyport/audit.jsonl'), 'utf8')
  expect(audit).toContain('"keys":["ledger"]')
  for (const output of [stdout, stderr, audit]) expect(output).not.toContain(ledger.key)
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
