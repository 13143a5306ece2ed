import { execFile, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCertificate } from './certificate.ts'
import { createRunAuthority, type RunAuthority } from './run-authority.ts'
import { matchesServerName } from './server-name.ts'

const folder = mkdtempSync(join(tmpdir(), 'run-authority-'))
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

const now = new Date()
const authority = createRunAuthority({ hosts: ['api.test', '*.example.test', 'ledger.test'], now })
const withAddresses = createRunAuthority({ hosts: ['127.0.0.1', '[fd00::1]'], now })

const derOf = (pem: string) => new X509Certificate(pem).raw

/** What OpenSSL says of a leaf for `host`. */
function verify({ rootPem, intermediatePem, leafFor }: RunAuthority, host: string, ...more: string[]): string {
  const files = { root: rootPem, intermediate: intermediatePem, leaf: leafFor(host).chainPem }
  for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem)
  const result = spawnSync(
    'openssl',
    [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      'root',
      '-untrusted',
      'intermediate',
      ...more,
      'leaf',
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  return `${result.stdout}${result.stderr}`
}

describe('a run’s authority', () => {
  it.each([
    ['api.test', '-verify_hostname'],
    ['a.example.test', '-verify_hostname'],
    ['a.b.example.test', '-verify_hostname'],
    ['ledger.test', '-verify_hostname'],
  ])('is accepted by OpenSSL in its strict mode for %s', (host, option) =>
    expect(verify(authority, host, option, host)).toContain('leaf: OK'),
  )

  it.each([['127.0.0.1'], ['fd00::1']])('is accepted by OpenSSL for the address %s', (host) =>
    expect(verify(withAddresses, host, '-verify_ip', host)).toContain('leaf: OK'),
  )

  it.each(['example.test', 'evil.test', 'xapi.test', 'xexample.test', '127.0.0.1', ''])('does not name %j', (host) =>
    expect(() => authority.leafFor(host)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_INVALID' })),
  )

  it.each(['example.test', 'evil.test', 'xapi.test', '10.0.0.1', 'fd00::1'])(
    'is constrained: OpenSSL refuses %s even when its key has signed it',
    (host) => {
      const growing = ['api.test', '*.example.test']
      const captured = createRunAuthority({ hosts: growing, now })
      growing.push(host)
      expect(verify(captured, host)).toContain('verification failed')
      expect(verify(captured, 'api.test')).toContain('leaf: OK')
    },
  )

  it.each(['evil.test', '10.0.0.1'])('with addresses alone does not name %s', (host) => {
    const growing = ['127.0.0.1']
    const captured = createRunAuthority({ hosts: growing, now })
    growing.push(host)
    expect(verify(captured, host)).toContain('verification failed')
  })

  it('names nothing at all when there are no hosts', () => {
    const growing: string[] = []
    const captured = createRunAuthority({ hosts: growing, now })
    growing.push('a.test', '127.0.0.1')
    expect(verify(captured, 'a.test')).toContain('verification failed')
    expect(verify(captured, '127.0.0.1')).toContain('verification failed')
  })

  it('makes leaves that live seven days, and no longer than it does', () => {
    const leaf = authority.leafFor('api.test', now)
    expect(leaf.notAfter.getTime() - now.getTime()).toBe(7 * 86_400_000)
    const last = authority.leafFor('api.test', new Date(now.getTime() + 3649 * 86_400_000))
    expect(last.notAfter.getTime() - now.getTime()).toBe(3650 * 86_400_000)
  })

  it('makes a leaf in less than five milliseconds', () => {
    const started = performance.now()
    for (let i = 0; i < 200; i++) authority.leafFor(`h${i}.example.test`)
    expect((performance.now() - started) / 200).toBeLessThan(5)
  })

  it('is read by our own strict reader, without quirks', () => {
    for (const pem of [authority.rootPem, authority.intermediatePem, authority.leafFor('api.test').chainPem]) {
      expect(parseCertificate(derOf(pem))).toHaveProperty('certificate.quirks', [])
    }
    expect(matchesServerName(derOf(withAddresses.leafFor('[fd00::1]').chainPem), '[fd00:0::1]')).toBeUndefined()
  })
})

describe('a leaf is accepted over TLS by', async () => {
  const root = join(folder, 'ca.pem')
  writeFileSync(root, authority.rootPem)
  const leaf = authority.leafFor('api.test')
  const server = createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'))
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const run = async (command: string, args: string[], environment: Record<string, string> = {}) =>
    (await promisify(execFile)(command, args, { env: { PATH: process.env.PATH, ...environment }, timeout: 20_000 }))
      .stdout

  it('curl', async () =>
    expect(
      await run('curl', [
        '-sS',
        '--cacert',
        root,
        '--resolve',
        `api.test:${port}:127.0.0.1`,
        `https://api.test:${port}/`,
      ]),
    ).toBe('ok'))

  it('Ruby Net::HTTP', async () => {
    const program = `h = Net::HTTP.new('api.test', ${port}, nil); h.ipaddr = '127.0.0.1'; h.use_ssl = true; print h.get('/').body`
    expect(await run('ruby', ['-rnet/http', '-ropenssl', '-e', program], { SSL_CERT_FILE: root })).toBe('ok')
  })

  it('Node', async () => {
    const program = `require('https').get({ host: 'api.test', port: ${port}, lookup: (n, o, done) => done(null, o.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4) }, (r) => r.pipe(process.stdout))`
    expect(await run(process.execPath, ['-e', program], { NODE_EXTRA_CA_CERTS: root })).toBe('ok')
  })
})
