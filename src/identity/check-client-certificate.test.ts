import { spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkClientCertificate } from './check-client-certificate.ts'
import { readDer } from './der.ts'
import {
  bitString,
  boolean,
  element,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  sequence,
  utf8String,
} from './der-writer.ts'
import { type CertificateOptions, createAuthority, generateKey, issueCertificate } from './mint/certificate.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'
import { type CertificateParts, commonName, extension, signCertificate } from './sign-certificate.ts'

const now = new Date('2026-11-24T12:00:00Z')
const hour = 3_600_000
const around = { notBefore: new Date(now.getTime() - hour), notAfter: new Date(now.getTime() + hour) }
const root = await createAuthority({ name: 'root', ...around })

const check = (leaf: Uint8Array) => checkClientCertificate({ leaf, chain: [root.certificateDer], now })
const minted = async (options: CertificateOptions) =>
  check(
    (await issueCertificate(root, { uris: ['spiffe://example.org/billing'], ...around, ...options })).certificateDer,
  )

const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicKey = signer.publicKey.export({ type: 'spki', format: 'der' })
const uri = (text: string) => implicit(6, Buffer.from(text, 'latin1'))
const dns = (text: string) => implicit(2, Buffer.from(text, 'latin1'))
const names = (...list: Buffer[]) => extension(oids.subjectAltName, 'critical', sequence(...list))
const good: CertificateParts = {
  serial: Buffer.of(1),
  issuer: commonName('root'),
  subject: commonName(),
  ...around,
  publicKey,
  extensions: [names(uri('spiffe://example.org/billing'))],
}
const written = (parts: Partial<CertificateParts>) => check(signCertificate({ ...good, ...parts }, signer.privateKey))
const withExtension = (...more: Buffer[]) => written({ extensions: [...good.extensions, ...more] })
const withNames = (...list: Buffer[]) => written({ extensions: [names(...list)] })
const withSubject = (...attributes: Buffer[]) =>
  written({ subject: sequence(...attributes.map((one) => element(0x31, one))) })
const cn = (value: Buffer) => sequence(objectIdentifier(oids.commonName), value)

describe('a good leaf', () => {
  it.each<[string, CertificateOptions]>([
    ['with a SPIFFE ID', {}],
    ['with a subject as well', { subject: 'billing' }],
    ['with a subject and no names', { subject: 'billing', uris: [] }],
    ['with several DNS names', { uris: [], dns: ['a.test', 'B.test', '*.c.test'] }],
    ['with a DNS name beside its URI', { dns: ['a.test'] }],
    ['with a URI that is no SPIFFE ID', { uris: ['https://example.org/billing'] }],
    ['with addresses', { uris: [], ips: ['10.0.0.1', 'fd00::1'] }],
    ['without extended key usage', { usages: 'none' }],
    ['with both usages', { usages: 'both' }],
    ['without key usage', { keyUsage: [] }],
    ['without key identifiers', { keyIdentifiers: false }],
    ['with a serial number of 20 octets', { serial: `7f${'ff'.repeat(19)}` }],
    ['with an Ed25519 key', { algorithm: 'Ed25519' }],
    ['with a P-384 key', { algorithm: 'P-384' }],
    ['with a P-521 key', { algorithm: 'P-521' }],
    ['with an RSA key of 2048 bits', { algorithm: 'RSA-2048' }],
    ['with a signature over SHA-512', { hash: 'SHA-512' }],
    [
      'with an extension that is not known and not critical',
      { extensions: [{ oid: '1.2.3.4', critical: false, value: Buffer.of(5, 0) }] },
    ],
  ])('%s passes', async (_name, options) => expect(await minted(options)).toHaveProperty('ok', true))

  it.each(['Ed25519', 'RSA-2048', 'P-384'] as const)('of a CA with a key of the kind %s passes', async (algorithm) => {
    const authority = await createAuthority({ name: 'other', algorithm, ...around })
    const { certificateDer } = await issueCertificate(authority, { subject: 'x', ...around })
    expect(check(certificateDer)).toHaveProperty('ok', true)
  })

  it('written by hand passes, so that each of the bad ones below has one fault alone', () =>
    expect(written({})).toHaveProperty('ok', true))

  it('passes through the second that notAfter names, and not after it', async () => {
    const { certificateDer: leaf, notAfter } = await issueCertificate(root, { subject: 'x', ...around })
    const at = (ms: number) => checkClientCertificate({ leaf, chain: [], now: new Date(notAfter.getTime() + ms) }).ok
    expect([at(0), at(999), at(1000)]).toEqual([true, true, false])
  })

  it('yields the identity that a policy asks about', async () => {
    const key = generateKey('P-256')
    const result = await minted({
      subject: [{ O: 'Example, "Inc"' }, { CN: 'bil\nling' }],
      dns: ['A.Test'],
      key,
      serial: 'a1',
    })
    expect(result).toEqual({
      ok: true,
      identity: {
        spiffe: 'spiffe://example.org/billing',
        dns: ['a.test'],
        uris: ['spiffe://example.org/billing'],
        spki: expect.stringMatching(/^sha256\/[A-Za-z0-9+/]{43}=$/),
        serial: 'a1',
        notAfterMs: around.notAfter.getTime(),
        thumbprint: expect.stringMatching(/^[\w-]{43}$/),
        subject: 'O=Example\\, \\"Inc\\",CN=bil\\0aling',
        issuer: 'CN=root',
      },
    })
  })
})

describe('a bad leaf', () => {
  it.each<[string, CertificateOptions, string, string]>([
    ['has expired', { notAfter: new Date(now.getTime() - 2000) }, 'EXPIRED', 'validity'],
    ['is not valid yet', { notBefore: new Date(now.getTime() + 2000) }, 'NOT_YET_VALID', 'validity'],
    [
      'ends before it begins',
      { notBefore: new Date(now.getTime() + 1000), notAfter: new Date(now.getTime() - 1000) },
      'VALIDITY_REVERSED',
      'validity',
    ],
    ['is a CA', { isCa: true, keyUsage: ['digitalSignature'], usages: 'client' }, 'LEAF_IS_CA', 'basicConstraints'],
    ['may sign certificates', { keyUsage: ['digitalSignature', 'keyCertSign'] }, 'LEAF_SIGNS_CERTIFICATES', 'keyUsage'],
    ['may sign revocation lists', { keyUsage: ['digitalSignature', 'cRLSign'] }, 'LEAF_SIGNS_CERTIFICATES', 'keyUsage'],
    ['may not sign at all', { keyUsage: ['keyAgreement'] }, 'KEY_USAGE_WRONG', 'keyUsage'],
    ['is for servers', { usages: 'server' }, 'EXTENDED_KEY_USAGE_WRONG', 'extKeyUsage'],
    ['is for anything', { extendedKeyUsage: [oids.anyExtendedKeyUsage] }, 'EXTENDED_KEY_USAGE_WRONG', 'extKeyUsage'],
    ['has a serial number of 21 octets', { serial: `7f${'00'.repeat(20)}` }, 'SERIAL_INVALID', 'serialNumber'],
    ['has two URIs', { uris: ['spiffe://example.org/a', 'spiffe://example.org/b'] }, 'URI_SEVERAL', 'subjectAltName'],
    [
      'has a SPIFFE ID and a URL',
      { uris: ['spiffe://example.org/a', 'https://example.org'] },
      'URI_SEVERAL',
      'subjectAltName',
    ],
    ['has a SPIFFE ID in another case', { uris: ['SPIFFE://example.org/a'] }, 'SPIFFE_ID_INVALID', 'subjectAltName'],
    ['has a trust domain in another case', { uris: ['spiffe://Example.org/a'] }, 'SPIFFE_ID_INVALID', 'subjectAltName'],
    ['has a SPIFFE ID with a port', { uris: ['spiffe://example.org:443/a'] }, 'SPIFFE_ID_INVALID', 'subjectAltName'],
    [
      'has a SPIFFE ID with a dot segment',
      { uris: ['spiffe://example.org/a/../b'] },
      'SPIFFE_ID_INVALID',
      'subjectAltName',
    ],
    [
      'has a SPIFFE ID that ends with a slash',
      { uris: ['spiffe://example.org/a/'] },
      'SPIFFE_ID_INVALID',
      'subjectAltName',
    ],
    ['has a SPIFFE ID without a path', { uris: ['spiffe://example.org'] }, 'SPIFFE_ID_INVALID', 'subjectAltName'],
    ['has a weak RSA key', { algorithm: 'RSA-1024' }, 'KEY_WEAK', 'subjectPublicKeyInfo'],
    [
      'has a key on another curve',
      { key: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey },
      'KEY_UNSUPPORTED',
      'subjectPublicKeyInfo',
    ],
    ['has an Ed448 key', { key: generateKeyPairSync('ed448').privateKey }, 'KEY_UNSUPPORTED', 'subjectPublicKeyInfo'],
    ['is signed over SHA-1', { hash: 'SHA-1' }, 'SIGNATURE_WEAK', 'signatureAlgorithm'],
    [
      'has a critical extension that is not known',
      { extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.of(5, 0) }] },
      'EXTENSION_UNKNOWN_CRITICAL',
      'extensions',
    ],
  ])('that %s is refused', async (_name, options, code, field) => {
    expect(await minted(options)).toMatchObject({
      ok: false,
      code,
      field,
      says: expect.stringMatching(/^[a-z].+[^.]$/),
    })
  })

  const basic = extension(oids.basicConstraints, 'critical', sequence())
  const badTime = (text: string) => {
    const der = signCertificate(good, signer.privateKey)
    return Buffer.from(der.toString('latin1').replace('261124130000Z', text), 'latin1')
  }
  const anotherAlgorithm = () => {
    const der = signCertificate(good, signer.privateKey)
    // The outer algorithm is the last one: ecdsa-with-SHA384 there.
    der[der.lastIndexOf(Buffer.from('2a8648ce3d040302', 'hex')) + 7] = 3
    return der
  }

  it.each<[string, ReturnType<typeof check>, string, string]>([
    ['is of version 1', written({ version: 1, extensions: [], subject: commonName('x') }), 'VERSION_OLD', 'version'],
    ['is of version 2', written({ version: 2, extensions: [], subject: commonName('x') }), 'VERSION_OLD', 'version'],
    ['is of version 1 with extensions', written({ version: 1 }), 'MALFORMED', 'version'],
    ['has the serial number 0', written({ serial: Buffer.of(0) }), 'SERIAL_INVALID', 'serialNumber'],
    ['has a negative serial number', written({ serial: Buffer.of(0x80) }), 'SERIAL_INVALID', 'serialNumber'],
    ['has a padded serial number', written({ serial: Buffer.of(0, 1) }), 'MALFORMED', 'certificate'],
    ['has no issuer', written({ issuer: commonName() }), 'ISSUER_EMPTY', 'issuer'],
    ['has neither subject nor names', written({ extensions: [] }), 'NAME_MISSING', 'subject'],
    [
      'has names that are not critical and no subject',
      written({ extensions: [extension(oids.subjectAltName, 'not critical', sequence(dns('a.test')))] }),
      'NAME_NOT_CRITICAL',
      'subjectAltName',
    ],
    ['has an extension twice', withExtension(basic, basic), 'EXTENSION_DUPLICATE', 'extensions'],
    ['has its names twice', withExtension(names(dns('b.test'))), 'EXTENSION_DUPLICATE', 'extensions'],
    [
      'has name constraints',
      withExtension(extension(oids.nameConstraints, 'not critical', sequence(explicit(0, sequence(dns('a.test')))))),
      'EXTENSION_NOT_FOR_LEAF',
      'nameConstraints',
    ],
    [
      'has policy constraints',
      withExtension(extension(oids.policyConstraints, 'not critical', sequence(implicit(0, Buffer.of(0))))),
      'EXTENSION_NOT_FOR_LEAF',
      'policyConstraints',
    ],
    [
      'has a path length without being a CA',
      withExtension(extension(oids.basicConstraints, 'critical', sequence(integer(0)))),
      'MALFORMED',
      'basicConstraints',
    ],
    [
      'writes the FALSE that is the default',
      withExtension(extension(oids.basicConstraints, 'critical', sequence(boolean(false)))),
      'MALFORMED',
      'basicConstraints',
    ],
    [
      'has a key usage without usages',
      withExtension(extension(oids.keyUsage, 'critical', bitString(Buffer.of(0)))),
      'MALFORMED',
      'keyUsage',
    ],
    [
      'has a key usage with bits after the last',
      withExtension(extension(oids.keyUsage, 'critical', bitString(Buffer.of(0x80)))),
      'MALFORMED',
      'keyUsage',
    ],
    [
      'has an extended key usage without usages',
      withExtension(extension(oids.extKeyUsage, 'critical', sequence())),
      'MALFORMED',
      'extKeyUsage',
    ],
    ['has names without a name', withNames(), 'MALFORMED', 'subjectAltName'],
    ['has a NUL in a DNS name', withNames(dns('billing.test\0.evil.test')), 'MALFORMED', 'subjectAltName'],
    ['has a character outside ASCII in a DNS name', withNames(dns('bïlling.test')), 'MALFORMED', 'subjectAltName'],
    ['has a NUL in a URI', withNames(uri('spiffe://example.org/billing\0x')), 'MALFORMED', 'subjectAltName'],
    ['has a space in a URI', withNames(uri('spiffe://example.org/bil ling')), 'MALFORMED', 'subjectAltName'],
    ['has an empty DNS name', withNames(dns('')), 'MALFORMED', 'subjectAltName'],
    ['has an address of five octets', withNames(implicit(7, Buffer.alloc(5))), 'MALFORMED', 'subjectAltName'],
    ['has a name of an unknown kind', withNames(implicit(9, Buffer.alloc(5))), 'MALFORMED', 'subjectAltName'],
    ['has a NUL in its subject', withSubject(cn(utf8String('billing\0evil'))), 'MALFORMED', 'subject'],
    ['has a subject that is not UTF-8', withSubject(cn(element(0x0c, Buffer.of(0xff)))), 'MALFORMED', 'subject'],
    ['names two signature algorithms', check(anotherAlgorithm()), 'ALGORITHM_MISMATCH', 'signatureAlgorithm'],
    ['ends on 31 February', check(badTime('270231120000Z')), 'MALFORMED', 'validity'],
    ['ends at 24:00', check(badTime('270201240000Z')), 'MALFORMED', 'validity'],
    ['ends in local time', check(badTime('2702011200+01')), 'MALFORMED', 'validity'],
    [
      'has an even RSA exponent',
      written({ publicKey: rsaKey(Buffer.concat([Buffer.of(0xc1), Buffer.alloc(255, 1)]), 4) }),
      'KEY_WEAK',
      'subjectPublicKeyInfo',
    ],
    ['has a compressed point', written({ publicKey: compressed() }), 'KEY_UNSUPPORTED', 'subjectPublicKeyInfo'],
    ['is not a certificate', check(sequence(integer(1))), 'MALFORMED', 'certificate'],
    [
      'is followed by something',
      check(Buffer.concat([signCertificate(good, signer.privateKey), Buffer.of(0)])),
      'MALFORMED',
      'certificate',
    ],
    [
      'is larger than the limit',
      withExtension(extension('1.2.3.4', 'not critical', Buffer.alloc(70_000))),
      'MALFORMED',
      'certificate',
    ],
  ])('that %s is refused', (_name, result, code, field) => {
    expect(result).toMatchObject({ ok: false, code, field, says: expect.stringMatching(/^[a-z].+[^.]$/) })
  })

  it.each([
    [0, 'serialNumber'],
    [1, 'serialNumber'],
    [2, 'signature'],
    [3, 'issuer'],
    [4, 'validity'],
    [5, 'subject'],
    [6, 'subjectPublicKeyInfo'],
    [7, 'certificate'],
  ])('whose part %i is something else is refused at %s', (place, field) => {
    const read = readDer(signCertificate(good, signer.privateKey))
    const [tbs, ...rest] = 'element' in read ? read.element.children : []
    const parts = (tbs?.children ?? []).map(({ raw }, i) => (i === place ? Buffer.of(5, 0) : raw))
    expect(check(sequence(sequence(...parts), ...rest.map(({ raw }) => raw)))).toMatchObject({
      code: 'MALFORMED',
      field,
    })
  })

  it.each([
    ['1, which is the default', integer(0)],
    ['4', integer(3)],
    ['no number', Buffer.of(5, 0)],
    ['two numbers', Buffer.concat([integer(2), integer(2)])],
  ])('whose version is %s is refused', (_name, version) => {
    const read = readDer(signCertificate(good, signer.privateKey))
    const [tbs, ...rest] = 'element' in read ? read.element.children : []
    const parts = (tbs?.children ?? []).map(({ raw }, i) => (i === 0 ? explicit(0, version) : raw))
    expect(check(sequence(sequence(...parts), ...rest.map(({ raw }) => raw)))).toMatchObject({
      code: 'MALFORMED',
      field: 'version',
    })
  })

  const raw = (oid: string, value: Uint8Array) => withExtension(extension(oid, 'not critical', value))
  const someOid = objectIdentifier('1.2.3.4')
  const anything = Buffer.of(4, 0)

  it.each<[string, ReturnType<typeof check>, string]>([
    ['a subject key identifier that is a number', raw(oids.subjectKeyIdentifier, integer(1)), 'subjectKeyIdentifier'],
    [
      'an authority key identifier that is a number',
      raw(oids.authorityKeyIdentifier, integer(1)),
      'authorityKeyIdentifier',
    ],
    ['basic constraints that are a string', raw(oids.basicConstraints, anything), 'basicConstraints'],
    ['basic constraints with something more', raw(oids.basicConstraints, sequence(anything)), 'basicConstraints'],
    ['a key usage that is a string', raw(oids.keyUsage, element(4, Buffer.of(7, 0x80))), 'keyUsage'],
    ['a key usage of three octets', raw(oids.keyUsage, bitString(Buffer.of(0x80, 0x80, 0x80), 7)), 'keyUsage'],
    ['a key usage with a bit that is none', raw(oids.keyUsage, bitString(Buffer.of(0x80, 0x40), 6)), 'keyUsage'],
    ['an extended key usage that is a number', raw(oids.extKeyUsage, sequence(integer(1))), 'extKeyUsage'],
    ['a name of a kind that there is not', withNames(implicit(9, Buffer.from('abc'))), 'subjectAltName'],
    [
      'an extension with the FALSE that is the default',
      withExtension(sequence(someOid, boolean(false), anything)),
      'extensions',
    ],
    ['an extension without a value', withExtension(sequence(someOid)), 'extensions'],
    ['an extension with a value of another type', withExtension(sequence(someOid, integer(1))), 'extensions'],
    [
      'an extension with something more',
      withExtension(sequence(someOid, boolean(true), anything, anything)),
      'extensions',
    ],
    ['an extension without its identifier', withExtension(sequence(anything, anything)), 'extensions'],
    ['an extension that is none', withExtension(anything), 'extensions'],
    ['a subject without attributes in a part', written({ subject: sequence(element(0x31)) }), 'subject'],
    ['a subject of sequences', written({ subject: sequence(sequence(cn(utf8String('x')))) }), 'subject'],
    ['a subject without an attribute’s type', withSubject(sequence(utf8String('x'), utf8String('y'))), 'subject'],
    [
      'a subject with something more',
      withSubject(sequence(objectIdentifier(oids.commonName), utf8String('x'), anything)),
      'subject',
    ],
  ])('with %s is refused', (_name, result, field) => expect(result).toMatchObject({ code: 'MALFORMED', field }))

  it.each<[string, (parts: Buffer[]) => Buffer[], string]>([
    ['an identifier behind its extensions', (parts) => [...parts, implicit(1, Buffer.of(0, 1))], 'certificate'],
    ['its extensions twice', (parts) => [...parts, ...parts.slice(7)], 'certificate'],
    ['something behind its extensions', (parts) => [...parts, implicit(4, Buffer.of(0, 1))], 'certificate'],
    [
      'two lists of extensions in one',
      (parts) => [...parts.slice(0, 7), explicit(3, sequence(), sequence())],
      'extensions',
    ],
    ['an empty list of extensions', (parts) => [...parts.slice(0, 7), explicit(3, sequence())], 'extensions'],
    [
      'text for a time',
      (parts) =>
        parts.map((part, i) =>
          i === 4 ? sequence(utf8String('20510101000000Z'), utf8String('20520101000000Z')) : part,
        ),
      'validity',
    ],
  ])('with %s is refused', (_name, change, field) => {
    const read = readDer(signCertificate(good, signer.privateKey))
    const [tbs, ...rest] = 'element' in read ? read.element.children : []
    const parts = change((tbs?.children ?? []).map((child) => child.raw))
    expect(check(sequence(sequence(...parts), ...rest.map((child) => child.raw)))).toMatchObject({
      code: 'MALFORMED',
      field,
    })
  })

  it('with a subject that is not text is shown in hexadecimal', () =>
    expect(withSubject(cn(integer(7)))).toMatchObject({ ok: true, identity: { subject: 'CN=#020107' } }))

  it.each([
    ['sha256', { ok: true }],
    ['sha512', { ok: true }],
    ['sha1', { code: 'SIGNATURE_WEAK' }],
  ])('with a signature of RSA-PSS over %s is judged by that hash', (hash, result) => {
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-subj',
      '/CN=x',
      '-days',
      '3650',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ]
    const pss = ['-sigopt', 'rsa_padding_mode:pss', `-${hash}`, '-outform', 'DER']
    const { stdout } = spawnSync('openssl', [...args, ...pss], { timeout: 20_000 })
    expect(checkClientCertificate({ leaf: stdout, chain: [], now: new Date() })).toMatchObject(result)
  })

  it('with a signature of an algorithm that is not known is refused', () => {
    const der = signCertificate(good, signer.privateKey)
    const known = Buffer.from('2a8648ce3d040302', 'hex')
    for (let at = der.indexOf(known); at >= 0; at = der.indexOf(known, at)) der[at + 7] = 0x7f
    expect(check(der)).toMatchObject({ code: 'SIGNATURE_UNSUPPORTED' })
  })

  it('with an RSA key that only costs time is refused', () =>
    expect(written({ publicKey: rsaKey(Buffer.alloc(2049, 0xff), 65_537) })).toMatchObject({ code: 'KEY_UNSUPPORTED' }))

  it('is never quoted', () => {
    const secret = 'x'.repeat(8) + Buffer.from('canary').toString('hex')
    const results = [
      withNames(uri(`spiffe://EXAMPLE/${secret}`)),
      withNames(dns(`${secret}\0`)),
      withSubject(cn(utf8String(`${secret}\0`))),
    ]
    expect(JSON.stringify(results)).not.toContain(secret)
  })
})

function rsaKey(modulus: Buffer, exponent: number): Buffer {
  const algorithm = sequence(objectIdentifier(oids.rsaEncryption), Buffer.of(5, 0))
  return sequence(algorithm, bitString(sequence(integer(modulus), integer(exponent))))
}

function compressed(): Buffer {
  const jwk = createPublicKey(signer.privateKey).export({ format: 'jwk' })
  const algorithm = sequence(objectIdentifier(oids.ecPublicKey), objectIdentifier(oids.p256))
  return sequence(algorithm, bitString(Buffer.concat([Buffer.of(2), Buffer.from(jwk.x ?? '', 'base64url')])))
}
