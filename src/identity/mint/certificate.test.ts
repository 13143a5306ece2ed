import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../certificate.ts'
import {
  type CertificateOptions,
  createAuthority,
  generateKey,
  issueCertificate,
  type KeyAlgorithm,
  type Minted,
  selfSignCertificate,
} from './certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'mint-'))
afterAll(() => rmSync(folder, { recursive: true }))

function openssl(leaf: Minted, ...more: string[]): string {
  writeFileSync(join(folder, 'root'), leaf.rootPem)
  writeFileSync(join(folder, 'chain'), leaf.chainPem)
  const args = ['verify', '-x509_strict', '-CAfile', 'root', '-untrusted', 'chain', ...more, 'chain']
  const { stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
  return stdout + stderr
}

const parsed = ({ certificateDer }: Minted) => {
  const read = parseCertificate(certificateDer)
  if ('problem' in read) throw new Error(read.problem.says)
  return read.certificate
}

const root = await createAuthority({ name: 'Wurzel Ä' })

describe('what is minted', () => {
  it.each<KeyAlgorithm>(['P-256', 'P-384', 'P-521', 'Ed25519', 'RSA-2048'])(
    'with keys of the kind %s is accepted by OpenSSL in its strict mode, over an intermediate',
    async (algorithm) => {
      const top = await createAuthority({ name: 'root', algorithm })
      const middle = await createAuthority({ name: 'middle', parent: top, algorithm })
      const leaf = await issueCertificate(middle, {
        uris: ['spiffe://example.org/a'],
        dns: ['a.test'],
        usages: 'both',
        algorithm,
      })
      expect(openssl(leaf, '-purpose', 'sslclient')).toContain('chain: OK')
      expect(openssl(leaf, '-purpose', 'sslserver', '-verify_hostname', 'a.test')).toContain('chain: OK')
    },
  )

  it('has the chain that a server presents: leaf and intermediates, and no root', async () => {
    const middle = await createAuthority({ name: 'middle', parent: root })
    const leaf = await issueCertificate(middle, { subject: 'leaf' })
    expect(leaf.chainPem).toBe(leaf.certificatePem + middle.certificatePem)
    expect((await issueCertificate(root, { subject: 'leaf' })).chainPem).not.toContain(root.certificatePem)
    expect(leaf.rootPem).toBe(root.certificatePem)
  })

  it('has the names, serial number and times that were asked for', async () => {
    const notBefore = new Date('2020-01-01T00:00:00Z')
    const notAfter = new Date('2060-01-01T00:00:00Z')
    const leaf = await issueCertificate(root, {
      subject: [{ C: 'DE' }, { O: 'Example' }, { CN: 'bil ling' }],
      uris: ['spiffe://example.org/a'],
      dns: ['a.test'],
      ips: ['127.0.0.1', 'fd00::1'],
      emails: ['a@example.test'],
      serial: '00A1',
      notBefore,
      notAfter,
    })
    const { subjectText, issuerText, subjectAltNames, serialHex, ...times } = parsed(leaf)
    expect(subjectText).toBe('C=DE,O=Example,CN=bil ling')
    expect(issuerText).toBe('CN=Wurzel Ä')
    expect(subjectAltNames.map(({ value }) => value)).toEqual([
      'spiffe://example.org/a',
      'a.test',
      '127.0.0.1',
      'fd00::1',
      'a@example.test',
    ])
    expect(serialHex).toBe('a1')
    expect([times.notBeforeMs, times.notAfterMs]).toEqual([notBefore.getTime(), notAfter.getTime()])
  })

  it('certifies a key that is given', async () => {
    const key = generateKey('P-256')
    const leaf = await issueCertificate(root, { subject: 'leaf', key })
    expect(new X509Certificate(leaf.certificatePem).checkPrivateKey(key)).toBe(true)
  })
})

describe('what is minted badly', () => {
  const hour = 3_600_000
  it.each<[string, CertificateOptions, string]>([
    ['expired', { notAfter: new Date(Date.now() - 1000) }, 'certificate has expired'],
    ['not yet valid', { notBefore: new Date(Date.now() + hour) }, 'certificate is not yet valid'],
    ['for servers', { usages: 'server' }, 'unsuitable certificate purpose'],
  ])('%s is refused by OpenSSL for that', async (_name, options, says) =>
    expect(openssl(await issueCertificate(root, { subject: 'x', ...options }), '-purpose', 'sslclient')).toContain(
      says,
    ),
  )

  it('by a CA of the same name, by itself, or by a leaf is refused by OpenSSL', async () => {
    const twin = await createAuthority({ name: 'Wurzel Ä' })
    const byTwin = { ...(await issueCertificate(twin, { subject: 'x' })), rootPem: root.certificatePem }
    const bySelf = { ...(await selfSignCertificate({ subject: 'x' })), rootPem: root.certificatePem }
    const byLeaf = await issueCertificate(await issueCertificate(root, { subject: 'leaf' }), { subject: 'x' })
    for (const bad of [byTwin, bySelf, byLeaf]) expect(openssl(bad)).toContain('verification failed')
  })

  it('is as bad as was asked for', async () => {
    const leaf = await issueCertificate(root, {
      uris: ['spiffe://example.org/a', 'spiffe://example.org/b'],
      serial: `7f${'00'.repeat(20)}`,
      isCa: true,
      keyUsage: [],
      usages: 'none',
      keyIdentifiers: false,
      extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.of(5, 0) }],
    })
    const { serial, subjectAltNames, basicConstraints, keyUsage, extKeyUsage, extensions, ...rest } = parsed(leaf)
    expect(serial).toHaveLength(21)
    expect(subjectAltNames).toHaveLength(2)
    expect(basicConstraints).toEqual({ isCa: true })
    expect([keyUsage, extKeyUsage, rest.subjectKeyIdentifier, rest.authorityKeyIdentifier]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(extensions.at(-1)).toMatchObject({ oid: '1.2.3.4', isCritical: true })
  })
})

it('the library that mints is loaded by nothing that a door loads', () => {
  const source = join(import.meta.dirname, '../..')
  const mayMint = /^(?:identity\/mint|cli|probe|demo)\//
  const importers = globSync('**/*.ts', { cwd: source })
    .filter((path) => !path.endsWith('.test.ts') && !mayMint.test(path))
    .filter((path) =>
      /from '[^']*(?:\/mint\/|@peculiar|reflect-metadata)/.test(readFileSync(join(source, path), 'utf8')),
    )
  expect(importers).toEqual([])
})
