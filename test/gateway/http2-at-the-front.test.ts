import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate, type Minted } from '../../src/identity/mint/certificate.ts'
import { askHttp2 } from '../support/http2-inside.ts'
import { type RunningSallyport, runSallyport, temporaryFolder, until } from '../support/sallyport.ts'

let authority: Minted
let billing: Minted
let other: Minted
let app: Server
let running: RunningSallyport
const folder = temporaryFolder()
const seen: { url: string; fields: string[]; body: string }[] = []
const sessions: ClientHttp2Session[] = []

beforeAll(async () => {
  authority = await createAuthority({ name: 'clients' })
  const server = await issueCertificate(authority, { dns: ['service.test'], usages: 'server' })
  billing = await issueCertificate(authority, { uris: ['spiffe://example.org/billing'] })
  other = await issueCertificate(authority, { uris: ['spiffe://example.org/other'] })
  app = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      seen.push({ url: request.url ?? '', fields: request.rawHeaders, body })
      response.end('the app')
    })
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  writeFileSync(join(folder, 'ca.pem'), authority.certificatePem)
  writeFileSync(join(folder, 'server.pem'), server.chainPem)
  writeFileSync(join(folder, 'server.key'), server.privateKeyPem, { mode: 0o600 })
  running = await runSallyport({
    folder,
    command: ['sleep', '600'],
    config: `
app: { listen: "127.0.0.1:${(app.address() as AddressInfo).port}" }
ingress:
  listen: 127.0.0.1:0
  certificate: { chain: server.pem, key: server.key }
  clients: { ca: ca.pem }
  policy:
    - { allow: { spiffe: spiffe://example.org/billing }, methods: [GET, POST], paths: [/reports/**] }
audit: { file: audit.jsonl }
`,
  })
})
afterAll(async () => {
  for (const session of sessions) session.destroy()
  await running?.stop()
  app.close()
  app.closeAllConnections()
})

function open(client?: Minted): ClientHttp2Session {
  const session = connect(running.ready.ingress ?? '', {
    ca: authority.certificatePem,
    servername: 'service.test',
    checkServerIdentity: () => undefined,
    ...(client ? { cert: client.chainPem, key: client.privateKeyPem } : {}),
  })
  session.on('error', () => {})
  sessions.push(session)
  return session
}

const get = (path: string, more: Readonly<Record<string, string>> = {}) => ({
  ':path': path,
  ':authority': 'service.test',
  ...more,
})

describe('a client that speaks nothing but HTTP/2', () => {
  it('reaches the app, which gets HTTP/1.1 and learns who it is', async () => {
    const session = open(billing)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        askHttp2(session, { ...get(`/reports/${i}`, { 'client-cert': ':Zm9yZ2Vk:' }), ':method': 'POST' }, `body ${i}`),
      ),
    )
    expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(20).fill([200, 'the app']))
    expect(seen.map(({ body }) => body).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `body ${i}`).sort())
    for (const { fields } of seen) {
      const given = fields.filter((_, i) => fields[i - 1]?.toLowerCase() === 'client-cert')
      expect(given).toHaveLength(1)
      expect(given[0]).not.toContain('Zm9yZ2Vk')
    }
  })

  it.each<[string, () => Minted, Readonly<Record<string, string>>, number, string]>([
    ['another path', () => billing, get('/admin'), 403, 'CLIENT_REFUSED'],
    ['a path that can be read in two ways', () => billing, get('/reports/../admin'), 403, ''],
    ['another client', () => other, get('/reports/1'), 403, 'CLIENT_REFUSED'],
    ['another name than its connection’s', () => billing, get('/reports/1', { ':authority': 'evil.test' }), 421, ''],
  ])('is refused with %s', async (_with, client, fields, status, code) => {
    const before = seen.length
    const answer = await askHttp2(open(client()), fields)
    expect(Math.floor(answer.status / 100)).toBe(4)
    if (code !== '') expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code])
    expect(seen).toHaveLength(before)
  })

  it('gets nothing without a certificate', async () => {
    const before = seen.length
    await expect(askHttp2(open(), get('/reports/1'))).rejects.toThrow()
    expect(seen).toHaveLength(before)
    await until(
      () => readFileSync(join(folder, 'audit.jsonl'), 'utf8').includes('CLIENT_CERTIFICATE_REFUSED'),
      5_000,
      () => 'the log does not say why',
    )
  })
})
