import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCertificate } from './certificate.ts'
import { checkClientCertificate } from './check-client-certificate.ts'
import { isCrlSignedBy, openRevocations, parseCrl, readCrls } from './crl.ts'
import { bitString, element, explicit, integer, objectIdentifier, sequence, time } from './der-writer.ts'
import { createAuthority, issueCertificate, type KeyAlgorithm, type Minted } from './mint/certificate.ts'
import { type CrlOptions, issueCrl } from './mint/crl.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'
import { splitPem } from './pem.ts'
import { commonName, extension } from './sign-certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'crl-'))
afterAll(() => rmSync(folder, { recursive: true }))

const dayMs = 86_400_000
const now = new Date()
const root = await createAuthority({ name: 'root' })
const good = await issueCertificate(root, { subject: 'good' })
const revoked = await issueCertificate(root, { subject: 'revoked', serial: '80ff' })

async function listOf(issuer: Minted, options: Partial<CrlOptions> = {}): Promise<string> {
  return issueCrl(issuer, { revoked: [{ serial: revoked.serial }], number: 1, ...options })
}

function check(leaf: Minted, chain: readonly Minted[], ...pems: string[]) {
  const crls = pems.flatMap((pem) => {
    const read = readCrls(pem)
    expect(read.problems).toEqual([])
    return read.crls
  })
  const result = checkClientCertificate({
    leaf: leaf.certificateDer,
    chain: chain.map(({ certificateDer }) => certificateDer),
    now,
    revocations: openRevocations(crls),
  })
  return result.ok ? 'good' : result.code
}

describe('with a revocation list', () => {
  it('a certificate that is not on it passes, and one that is on it does not', async () => {
    const list = await listOf(root)
    expect(check(good, [root], list)).toBe('good')
    expect(check(revoked, [root], list)).toBe('CERTIFICATE_REVOKED')
  })

  it('OpenSSL says the same', async () => {
    writeFileSync(join(folder, 'root'), root.certificatePem)
    writeFileSync(join(folder, 'crl'), await listOf(root))
    const verify = (leaf: Minted) => {
      writeFileSync(join(folder, 'leaf'), leaf.certificatePem)
      const args = ['verify', '-x509_strict', '-crl_check', '-CAfile', 'root', '-CRLfile', 'crl', 'leaf']
      const { stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
      return stdout + stderr
    }
    expect(verify(good)).toContain('leaf: OK')
    expect(verify(revoked)).toContain('certificate revoked')
  })

  it.each<KeyAlgorithm>(['Ed25519', 'P-384', 'P-521', 'RSA-2048'])(
    'of a CA with a key of the kind %s it is the same',
    async (algorithm) => {
      const authority = await createAuthority({ name: 'other', algorithm })
      const [one, two] = [
        await issueCertificate(authority, { subject: '1' }),
        await issueCertificate(authority, { subject: '2' }),
      ]
      const list = await listOf(authority, { revoked: [{ serial: one.serial }] })
      expect([check(one, [authority], list), check(two, [authority], list)]).toEqual(['CERTIFICATE_REVOKED', 'good'])
    },
  )

  it('nothing passes once it is past its nextUpdate', async () => {
    const list = await listOf(root, {
      thisUpdate: new Date(now.getTime() - 2 * dayMs),
      nextUpdate: new Date(now.getTime() - dayMs),
    })
    expect(check(good, [root], list)).toBe('CRL_EXPIRED')
    expect(check(revoked, [root], list)).toBe('CERTIFICATE_REVOKED')
  })

  it('nothing passes before its thisUpdate', async () => {
    const list = await listOf(root, {
      thisUpdate: new Date(now.getTime() + dayMs),
      nextUpdate: new Date(now.getTime() + 2 * dayMs),
    })
    expect(check(good, [root], list)).toBe('CRL_NOT_YET_VALID')
  })

  it('of another CA nothing passes', async () => {
    expect(check(good, [root], await listOf(await createAuthority({ name: 'other' })))).toBe('CRL_MISSING')
  })

  it('of another CA of the same name nothing passes', async () => {
    const list = await listOf(await createAuthority({ name: 'root' }), { revoked: [] })
    expect(check(good, [root], list)).toBe('CRL_FORGED')
    expect(check(revoked, [root], list, await listOf(root))).toBe('CERTIFICATE_REVOKED')
  })

  it('that was signed over SHA-1 nothing passes', async () =>
    expect(check(good, [root], await listOf(root, { hash: 'SHA-1' }))).toBe('CRL_FORGED'))

  it('of a CA that may not sign lists nothing passes', async () => {
    const mute = await issueCertificate(root, { subject: 'mute', isCa: true, keyUsage: ['keyCertSign'] })
    const leaf = await issueCertificate(mute, { subject: 'leaf' })
    expect(check(leaf, [mute], await listOf(mute, { revoked: [] }))).toBe('CRL_FORGED')
  })

  it('a chain without the issuer does not pass', async () =>
    expect(check(good, [], await listOf(root))).toBe('ISSUER_MISSING'))

  it('a chain whose issuer cannot be read does not pass', async () => {
    const { certificateDer } = root
    const damaged = { ...root, certificateDer: certificateDer.subarray(0, -1) }
    expect(check(good, [damaged], await listOf(root))).toBe('ISSUER_MALFORMED')
  })

  it('intermediates are asked about too, and the root is not', async () => {
    const middle = await createAuthority({ name: 'middle', parent: root })
    const leaf = await issueCertificate(middle, { subject: 'leaf' })
    const ofMiddle = await listOf(middle, { revoked: [] })
    expect(check(leaf, [middle, root], ofMiddle, await listOf(root))).toBe('good')
    expect(check(leaf, [middle, root], ofMiddle)).toBe('CRL_MISSING')
    const both = await listOf(root, { revoked: [{ serial: middle.serial }] })
    expect(check(leaf, [middle, root], ofMiddle, both)).toBe('CERTIFICATE_REVOKED')
  })

  it('of several of one issuer a revocation in any counts, and a fresh one is enough', async () => {
    const old = await listOf(root, {
      revoked: [],
      thisUpdate: new Date(now.getTime() - 2 * dayMs),
      nextUpdate: new Date(now.getTime() - dayMs),
    })
    expect(check(good, [root], old, await listOf(root))).toBe('good')
    expect(check(revoked, [root], old, await listOf(root))).toBe('CERTIFICATE_REVOKED')
  })
})

describe('a revocation list', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const algorithm = sequence(objectIdentifier(oids.ecdsaWithSha256))
  const entry = (...extensions: Buffer[]) =>
    sequence(integer(1), time(now), ...(extensions.length === 0 ? [] : [sequence(...extensions)]))
  interface Parts {
    issuer?: Buffer
    thisUpdate?: Buffer
    version?: Buffer[]
    nextUpdate?: Buffer[]
    entries?: Buffer[]
    extensions?: Buffer[]
    more?: Buffer[]
    outer?: Buffer
  }
  const write = ({
    version = [integer(1)],
    issuer = commonName('root'),
    thisUpdate = time(now),
    nextUpdate = [time(new Date(now.getTime() + dayMs))],
    entries,
    extensions,
    more = [],
    outer = algorithm,
  }: Parts) => {
    const tbs = sequence(
      ...version,
      algorithm,
      issuer,
      thisUpdate,
      ...nextUpdate,
      ...(entries ? [sequence(...entries)] : []),
      ...(extensions ? [explicit(0, sequence(...extensions))] : []),
      ...more,
    )
    return parseCrl(sequence(tbs, outer, bitString(sign('sha256', tbs, key))))
  }
  const any = Buffer.of(5, 0)

  it.each<[string, Parts]>([
    ['without entries', {}],
    ['with an entry', { entries: [entry()] }],
    ['with a reason', { entries: [entry(extension(oids.reasonCode, 'not critical', element(10, Buffer.of(1))))] }],
    ['with a number', { extensions: [extension(oids.crlNumber, 'not critical', integer(7))] }],
  ])('%s is read', (_name, parts) => expect(write(parts)).toHaveProperty('crl'))

  it.each<[string, Parts, string]>([
    ['is of version 1', { version: [] }, 'version'],
    ['has no issuer', { issuer: commonName() }, 'issuer'],
    ['has an issuer that is no name', { issuer: integer(1) }, 'issuer'],
    ['has a thisUpdate that is no time', { thisUpdate: integer(1) }, 'thisUpdate'],
    [
      'has something after its extensions',
      { extensions: [extension('1.2.3.4', 'not critical', any)], more: [any] },
      'certificateList',
    ],
    ['has no extension in its extensions', { extensions: [] }, 'crlExtensions'],
    [
      'has an entry with extensions that are none',
      { entries: [sequence(integer(1), time(now), sequence())] },
      'crlEntryExtensions',
    ],
    ['has no nextUpdate', { nextUpdate: [] }, 'nextUpdate'],
    [
      'is a delta list',
      { extensions: [extension(oids.deltaCrlIndicator, 'critical', integer(1))] },
      'deltaCRLIndicator',
    ],
    [
      'is a list for a part',
      { extensions: [extension(oids.issuingDistributionPoint, 'critical', sequence())] },
      'issuingDistributionPoint',
    ],
    [
      'has an indirect entry',
      { entries: [entry(extension(oids.certificateIssuer, 'critical', sequence()))] },
      'certificateIssuer',
    ],
    [
      'has a critical extension that is not known',
      { extensions: [extension('1.2.3.4', 'critical', any)] },
      'crlExtensions',
    ],
    [
      'has an extension twice',
      { extensions: [extension('1.2.3.4', 'not critical', any), extension('1.2.3.4', 'not critical', any)] },
      'crlExtensions',
    ],
    [
      'has an entry with a critical extension that is not known',
      { entries: [entry(extension('1.2.3.4', 'critical', any))] },
      'crlEntryExtensions',
    ],
    ['has an empty list of entries', { entries: [] }, 'revokedCertificates'],
    ['has an entry that is none', { entries: [sequence(integer(1))] }, 'revokedCertificates'],
    ['names two algorithms', { outer: sequence(objectIdentifier('1.2.840.10045.4.3.3')) }, 'signature'],
  ])('that %s is refused', (_name, parts, field) => expect(write(parts)).toMatchObject({ problem: { field } }))

  it.each([
    ['', 'holds no revocation list'],
    ['nothing of the kind', 'holds no revocation list'],
    [root.certificatePem, 'line 1: begins a block that is no revocation list'],
    ['-----BEGIN X509 CRL-----\nAAAA\n', 'line 1: begins a block that is not ended'],
    [
      '\n-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n',
      'line 2: certificateList is not a sequence of contents, algorithm and signature',
    ],
  ])('file %# that holds none is a problem', (pem, problem) =>
    expect(readCrls(pem)).toEqual({ crls: [], problems: [problem] }),
  )

  it('is read from DER as well as from PEM', async () => {
    const der = splitPem(await listOf(root)).blocks[0]?.der ?? Buffer.alloc(0)
    expect(readCrls(der)).toMatchObject({ crls: [{ issuerText: 'CN=root' }], problems: [] })
    expect(readCrls(der.subarray(0, -1))).toMatchObject({
      crls: [],
      problems: [expect.stringContaining('certificateList at octet 0')],
    })
    expect(readCrls(Buffer.alloc(5_000_000))).toMatchObject({
      crls: [],
      problems: [expect.stringContaining('is longer than')],
    })
  })

  it('is not of an issuer with another name, even when its key has signed it', async () => {
    const renamed = await createAuthority({ name: 'renamed', key: root.privateKey })
    const [crl] = readCrls(await listOf(root)).crls
    const issuer = parseCertificate(renamed.certificateDer)
    expect(crl && 'certificate' in issuer && isCrlSignedBy(crl, issuer.certificate)).toBe(false)
  })

  it('file with several holds them all', async () => {
    const other = await createAuthority({ name: 'other' })
    expect(readCrls((await listOf(root)) + (await listOf(other))).crls).toHaveLength(2)
  })
})
