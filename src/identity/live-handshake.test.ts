import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { checkClientCertificate } from './check-client-certificate.ts'
import { openRevocations, readCrls } from './crl.ts'
import { type CertificateOptions, createAuthority, issueCertificate, type Minted } from './mint/certificate.ts'
import { issueCrl } from './mint/crl.ts'

const root = await createAuthority({ name: 'root' })
const middle = await createAuthority({ name: 'middle', parent: root })
const door = await issueCertificate(root, { dns: ['door.test'], usages: 'server' })
const gone = await issueCertificate(middle, { dns: ['gone.test'] })
const lists = [await issueCrl(root, { revoked: [], number: 1 }), await issueCrl(middle, { revoked: [gone], number: 1 })]
const revocations = openRevocations(readCrls(lists.join('')).crls)

/** What OpenSSL thinks of the client that connected, and what we think. */
function judge(socket: TLSSocket): string {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) return 'no certificate'
  const chain: Buffer[] = []
  for (let issuer = leaf.issuerCertificate; issuer && chain.length < 8; issuer = issuer.issuerCertificate) {
    chain.push(issuer.raw)
    if (issuer.issuerCertificate === issuer) break
  }
  const checked = checkClientCertificate({ leaf: leaf.raw, chain, now: new Date(), revocations })
  const openssl = socket.authorized ? 'authorized' : String(socket.authorizationError)
  return `${openssl}, ${checked.ok ? (checked.identity.spiffe ?? checked.identity.dns[0]) : checked.code}`
}

const server = createServer(
  {
    cert: door.chainPem,
    key: door.privateKeyPem,
    ca: root.certificatePem,
    requestCert: true,
    rejectUnauthorized: false,
  },
  (socket) => {
    socket.on('error', () => socket.destroy())
    const body = judge(socket)
    socket.once('data', () =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
    )
  },
)
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo
const folder = mkdtempSync(join(tmpdir(), 'handshake-'))
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

async function ask(client: Minted, version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3'): Promise<string | undefined> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'door.test',
    ca: root.certificatePem,
    cert: client.chainPem,
    key: client.privateKeyPem,
    minVersion: version,
    maxVersion: version,
  })
  socket.write('GET / HTTP/1.1\r\n\r\n')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text
  })
  await once(socket, 'end')
  return answer.split('\r\n\r\n')[1]
}

const good: CertificateOptions = { uris: ['spiffe://example.org/a'] }

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (version) => {
  it('a good client is known by its identity', async () =>
    expect(await ask(await issueCertificate(middle, good), version)).toBe('authorized, spiffe://example.org/a'))

  it.each<[string, CertificateOptions, string]>([
    ['is a CA', { isCa: true, keyUsage: ['digitalSignature'], usages: 'client' }, 'LEAF_IS_CA'],
    ['may sign certificates', { keyUsage: ['digitalSignature', 'keyCertSign'] }, 'LEAF_SIGNS_CERTIFICATES'],
    ['has two URIs', { uris: ['spiffe://example.org/a', 'spiffe://example.org/b'] }, 'URI_SEVERAL'],
    ['has a serial number of 21 octets', { serial: `7f${'00'.repeat(20)}` }, 'SERIAL_INVALID'],
    ['has a SPIFFE ID that is none', { uris: ['spiffe://Example.org/a'] }, 'SPIFFE_ID_INVALID'],
  ])('a client that %s is let through by OpenSSL and not by us', async (_name, options, code) =>
    expect(await ask(await issueCertificate(middle, { ...good, ...options }), version)).toBe(`authorized, ${code}`),
  )

  it('a revoked client is let through by OpenSSL without a list, and not by us', async () =>
    expect(await ask(gone, version)).toBe('authorized, CERTIFICATE_REVOKED'))

  it('a client of a stranger’s CA is not let through by OpenSSL, and we have no list for it', async () => {
    const stranger = await createAuthority({ name: 'stranger' })
    expect(await ask(await issueCertificate(stranger, good), version)).toMatch(
      /^UNABLE_TO_.*, (?:CRL_MISSING|ISSUER_MISSING)$/,
    )
  })
})

it('curl is known by its identity', async () => {
  const client = await issueCertificate(middle, good)
  const files = { ca: root.certificatePem, chain: client.chainPem, key: client.privateKeyPem }
  for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem, { mode: 0o600 })
  const { stdout } = await promisify(execFile)(
    'curl',
    [
      '-sS',
      '--cacert',
      'ca',
      '--cert',
      'chain',
      '--key',
      'key',
      '--resolve',
      `door.test:${port}:127.0.0.1`,
      `https://door.test:${port}/`,
    ],
    { cwd: folder, env: { PATH: process.env.PATH }, timeout: 20_000 },
  )
  expect(stdout).toBe('authorized, spiffe://example.org/a')
})
