/**
 * The ledger that the sample services call, over TLS: `node upstream.ts --key-sha256 HEX [--listen 127.0.0.1:9543]
 * [--tls FOLDER]`. It knows the hash of the key and nothing else of it, and answers 401 to every other. Its certificate,
 * for `localhost` and 127.0.0.1, is minted at start; whoever calls it must trust FOLDER/ledger-ca.pem. Once it listens
 * it says where, as a line of JSON.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createAuthority, issueCertificate } from '../../src/identity/mint/certificate.ts'

const { values } = parseArgs({
  options: {
    'key-sha256': { type: 'string' },
    listen: { type: 'string', default: '127.0.0.1:9543' },
    tls: { type: 'string', default: join(import.meta.dirname, 'tls') },
  },
})
const expected = Buffer.from(values['key-sha256'] ?? '', 'hex')
if (expected.length !== 32) throw new TypeError('--key-sha256: 64 hexadecimal digits, the SHA-256 of the key')

interface Charge {
  readonly id: string
  readonly amount: number
  readonly customer: string
  readonly month: string
}

const charges: Charge[] = [
  { id: 'ch_1', amount: 2900, customer: 'Ana', month: '2026-10' },
  { id: 'ch_2', amount: 1300, customer: 'Ben', month: '2026-10' },
]

const authority = await createAuthority({ name: 'Sample ledger' })
const { chainPem, privateKeyPem } = await issueCertificate(authority, {
  subject: 'localhost',
  dns: ['localhost'],
  ips: ['127.0.0.1'],
  usages: 'server',
})
const ca = resolve(values.tls, 'ledger-ca.pem')
mkdirSync(values.tls, { recursive: true })
writeFileSync(ca, authority.certificatePem)

const server = createServer({ cert: chainPem, key: privateKeyPem }, async (request, response) => {
  const answer = (status: number, body: unknown) => {
    const text = JSON.stringify(body)
    response
      .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
      .end(text)
  }
  if (!isAuthorized(request.headers.authorization ?? '')) return answer(401, { error: 'unknown key' })
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost')
  if (request.method === 'POST' && pathname === '/v1/charges') {
    const { amount, customer } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    return answer(201, { id: 'ch_new', amount, customer })
  }
  if (pathname === '/v1/balance') return answer(200, { available: 12500, currency: 'eur' })
  if (pathname === '/v1/charges')
    return answer(200, { charges: charges.filter(({ month }) => month === searchParams.get('month')) })
  if (pathname === '/v1/search') {
    const wanted = searchParams.get('q')
    if (!wanted) return answer(400, { error: 'q is missing' })
    return answer(200, { charges: charges.filter(({ customer }) => customer === wanted) })
  }
  const charge = charges.find(({ id }) => pathname === `/v1/charges/${id}`)
  return charge ? answer(200, charge) : answer(404, { error: 'no such charge' })
})

server.on('error', (error) => {
  console.error(`the ledger cannot listen on ${values.listen}: ${error.message}`)
  process.exitCode = 2
})
const at = values.listen.lastIndexOf(':')
server.listen(Number(values.listen.slice(at + 1)), values.listen.slice(0, at), () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `https://localhost:${port}`, ca }))
})

/** `Bearer KEY`, or `Basic` with the key as the user. */
function isAuthorized(field: string): boolean {
  const [scheme, credentials = ''] = field.split(' ')
  const key = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString().replace(/:$/, '') : credentials
  return timingSafeEqual(createHash('sha256').update(key).digest(), expected)
}
