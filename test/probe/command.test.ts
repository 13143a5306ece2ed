import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stripeSecretKey } from '../../src/keys/kinds/stripe-secret-key.ts'
import { randomText } from '../../src/keys/random.ts'
import { makePki, type Pki } from './pki.ts'
import { nginx, nodeTls } from './services.ts'
import { freePort, type Started } from './start-program.ts'

const root = join(import.meta.dirname, '../..')
const key = stripeSecretKey.example(randomText())

let pki: Pki
let closed: Started
let open: Started
beforeAll(async () => {
  pki = await makePki()
  writeFileSync(join(pki.folder, 'good.pem'), pki.good.certificate)
  writeFileSync(join(pki.folder, 'good.key'), pki.good.key)
  writeFileSync(join(pki.folder, 'ca.key'), pki.ca.key)
  writeFileSync(join(pki.folder, 'canary'), `${key}\n`)
  writeFileSync(join(pki.folder, 'empty.pem'), '')
  const damaged = pki.ca.certificate.replace(/^M.*$/m, 'MIIB')
  writeFileSync(join(pki.folder, 'damaged.pem'), damaged)
  writeFileSync(join(pki.folder, 'damaged-chain.pem'), pki.good.certificate + damaged)
  closed = await nginx('ssl_verify_client on;')(pki)
  open = await nodeTls({}, (_request, response) => void response.end(`{"error":"bad key ${key}"}`))(pki)
})
afterAll(async () => {
  await closed.stop()
  await open.stop()
  pki.remove()
})

async function sallyport(
  args: readonly string[],
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'probe', ...args], { cwd: pki.folder })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, ...output }
}

const all = ['--cert', 'good.pem', '--key', 'good.key', '--ca', 'ca.pem', '--client-ca', 'ca.pem', '--ca-key', 'ca.key']
const address = (service: Started) => `https://127.0.0.1:${service.port}`

it('ends with 0 and grade A where everything was proved', async () => {
  const { code, stdout, stderr } = await sallyport([...all, address(closed)])
  expect(stderr).toBe('')
  expect(stdout).toContain('client certificate: enforced')
  expect(stdout).toContain('grade A')
  expect(code).toBe(0)
})

it('ends with 1 where strangers are shown a key, and shows it to nobody', async () => {
  for (const format of ['text', 'json', 'sarif']) {
    const { code, stdout, stderr } = await sallyport([
      ...all,
      '--canary-file',
      'canary',
      '--format',
      format,
      address(open),
    ])
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toContain('key-in-response')
    expect(stdout).not.toContain(key.slice(10))
    expect(stdout).not.toContain(pki.good.key.split('\n')[1])
    if (format !== 'text') JSON.parse(stdout)
  }
})

it('says verdict and arms in JSON', async () => {
  const { stdout } = await sallyport([...all, '--format', 'json', address(closed)])
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ verb: 'probe', grade: 'A', verdict: 'enforced' })
  expect(new Set(report.arms.map((cell: { transport: string }) => cell.transport))).toEqual(
    new Set(['plain', 'TLSv1.2', 'TLSv1.3']),
  )
  expect(report.arms).toContainEqual(
    expect.objectContaining({ arm: 'expired', transport: 'TLSv1.3', outcome: 'refused' }),
  )
})

it('takes the canary from standard input', async () => {
  const { stdout } = await sallyport(
    ['--canary-stdin', '--routes', '/a?q=1,/b', '--routes', '/c', address(open)],
    `${key}\n`,
  )
  expect(stdout).toContain('canary-in-response')
  expect(stdout).toContain('/a?q=1')
})

it('ends with 2 where a good certificate was given and nothing could be proved', async () => {
  const other = await makePki()
  writeFileSync(join(pki.folder, 'other.pem'), other.good.certificate + other.good.key)
  other.remove()
  const { code, stdout } = await sallyport(['--cert', 'other.pem', address(closed)])
  expect(stdout).toContain('client certificate: inconclusive')
  expect(code).toBe(2)
})

it.each([
  ['a service that is not there', async () => [`https://127.0.0.1:${await freePort()}`], 'PROBE_UNREACHABLE'],
  ['a URL that is none', async () => ['service:8443'], 'CLI_USAGE'],
  ['a key without its certificate', async () => ['--key', 'good.key', address(closed)], 'CLI_USAGE'],
  ['a certificate without its key', async () => ['--cert', 'good.pem', address(closed)], 'CLI_USAGE'],
  [
    'the key of another certificate',
    async () => ['--cert', 'good.pem', '--key', 'ca.key', address(closed)],
    'CERTIFICATE_INVALID',
  ],
  [
    'the key of another CA',
    async () => ['--client-ca', 'ca.pem', '--ca-key', 'good.key', address(closed)],
    'CA_INVALID',
  ],
  ['an empty CA bundle', async () => ['--ca', 'empty.pem', address(closed)], 'CERTIFICATE_INVALID'],
  ['a damaged CA', async () => ['--ca', 'damaged.pem', address(closed)], 'CERTIFICATE_INVALID'],
  [
    'a damaged chain',
    async () => ['--cert', 'damaged-chain.pem', '--key', 'good.key', address(closed)],
    'CERTIFICATE_INVALID',
  ],
  ['a file that is not there', async () => ['--ca', 'no.pem', address(closed)], 'FILE_UNREADABLE'],
  ['a file that never ends', async () => ['--ca', '/dev/zero', address(closed)], 'FILE_UNREADABLE'],
  ['a route with a space', async () => ['--routes', '/a b', address(closed)], 'CLI_USAGE'],
  ['a canary that is found everywhere', async () => ['--canary-stdin', address(closed)], 'CLI_USAGE'],
  ['a time that is none', async () => ['--timeout', 'soon', address(closed)], 'CLI_USAGE'],
] as const)('ends with 2 and a code for %s', async (_name, args, problem) => {
  const { code, stderr } = await sallyport(await args(), 'x')
  expect(stderr).toContain(`[${problem}]`)
  expect(code).toBe(2)
})
