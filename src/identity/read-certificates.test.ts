import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { isSignedBy, parseCertificate } from './certificate.ts'
import { createAuthority, issueCertificate } from './mint/certificate.ts'
import { ownCertificateProblems, readCertificates } from './read-certificates.ts'

const root = await createAuthority({ name: 'root' })
const middle = await createAuthority({ name: 'middle', parent: root })
const leaf = await issueCertificate(middle, { dns: ['a.test'], subject: 'leaf', usages: 'server' })
const read = (pem: string) => readCertificates(pem).certificates

describe('a PEM file', () => {
  it('gives its certificates in order, with their lines', () => {
    const { certificates, problems } = readCertificates(`a comment\n${leaf.chainPem}`.replaceAll('\n', '\r\n'))
    expect(problems).toEqual([])
    expect(certificates.map(({ subjectText, line }) => [subjectText, line])).toEqual([
      ['CN=leaf', 2],
      ['CN=middle', 2 + leaf.certificatePem.split('\n').length - 1],
    ])
  })

  it.each([
    ['that is empty', '', 1, 'begins a file without a certificate'],
    ['of text', 'hello\n', 1, 'begins a file without a certificate'],
    [
      'with a private key',
      leaf.certificatePem + leaf.privateKeyPem,
      leaf.certificatePem.split('\n').length,
      'begins a private key, which has no place beside certificates',
    ],
    [
      'with another block',
      '-----BEGIN THING-----\nAAAA\n-----END THING-----',
      1,
      'begins a block that is no certificate',
    ],
    ['that is cut off', leaf.certificatePem.slice(0, -30), 1, 'begins a block that is not ended'],
    [
      'with a block that another begins in',
      `-----BEGIN CERTIFICATE-----\nAAAA\n${leaf.certificatePem}`,
      1,
      'begins a block that is not ended',
    ],
    ['with an END alone', '-----END CERTIFICATE-----', 1, 'ends a block that is not begun'],
    [
      'with a damaged line',
      `${leaf.certificatePem}----BEGIN CERTIFICATE-----\n`,
      leaf.certificatePem.split('\n').length,
      'is a damaged BEGIN or END line',
    ],
    [
      'that is not base64',
      '-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----',
      1,
      'begins a block that is not base64',
    ],
    [
      'with an empty block',
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----',
      1,
      'begins a block that is not base64',
    ],
    [
      'with DER that is none',
      '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----',
      1,
      'begins a certificate that cannot be read: certificate is not a sequence of contents, algorithm and signature',
    ],
  ])('%s is a problem', (_name, pem, line, says) =>
    expect(readCertificates(pem).problems).toContainEqual({ line, says }),
  )
})

it('every public root that Node ships can be read, and its signature agrees', () => {
  for (const pem of rootCertificates) {
    const parsed = parseCertificate(new X509Certificate(pem).raw)
    expect(parsed).toHaveProperty('certificate')
    if ('certificate' in parsed) expect(isSignedBy(parsed.certificate, parsed.certificate)).toBe(true)
  }
})

describe('a chain of our own', () => {
  const key = Buffer.from(leaf.privateKeyPem)
  const now = new Date()

  it('with its key is good', () => expect(ownCertificateProblems(read(leaf.chainPem), key, now)).toEqual([]))

  it.each([
    [
      'in the wrong order',
      read(middle.certificatePem + leaf.certificatePem),
      key,
      now,
      /not issued by the one after it/,
    ],
    ['with another key', read(leaf.chainPem), Buffer.from(root.privateKeyPem), now, /not the first certificate’s/],
    ['with a key that is none', read(leaf.chainPem), Buffer.from('x'), now, /cannot be read/],
    ['that has expired', read(leaf.chainPem), key, new Date(now.getTime() + 60 * 86_400_000), /has expired/],
    ['that is not valid yet', read(leaf.chainPem), key, new Date(0), /is not valid yet/],
    ['that is empty', [], key, now, /is empty/],
  ])('%s is a problem', (_name, chain, privateKey, at, says) =>
    expect(ownCertificateProblems(chain, privateKey, at).join()).toMatch(says),
  )
})
