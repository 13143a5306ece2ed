import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate, type KeyAlgorithm, type Minted } from '../identity/mint/certificate.ts'
import type { Credential } from './exchange.ts'
import { mintCredentials } from './mint-credentials.ts'

const credential = (minted: Minted): Credential => ({ certificate: minted.chainPem, key: minted.privateKeyPem })
const leafOf = (given: Credential | undefined) => new X509Certificate(given?.certificate ?? '')

const oddSubject = [
  { C: 'DE' },
  { O: 'Acme, Inc. "x" é' },
  { OU: 'a+b \\ c=d' },
  { CN: 'billing' },
  { E: 'a@example.org' },
]

describe.each(['P-256', 'P-384', 'Ed25519', 'RSA-2048'] satisfies KeyAlgorithm[])('with %s keys', async (algorithm) => {
  const ca = await createAuthority({ name: 'CA, "odd" +x=y/z', algorithm })
  const good = await issueCertificate(ca, {
    subject: oddSubject,
    algorithm,
    uris: ['spiffe://example.org/billing'],
    dns: ['a.test'],
  })
  const { credentials, fresh, missing } = await mintCredentials(credential(good), credential(ca))

  it('copies subject, issuer and names of the good certificate, and signs it with another key', () => {
    const [real, forged] = [leafOf(credential(good)), leafOf(credentials['same-subject'])]
    expect([forged.subject, forged.issuer, forged.subjectAltName]).toEqual([
      real.subject,
      real.issuer,
      real.subjectAltName,
    ])
    expect(forged.verify(new X509Certificate(ca.certificatePem).publicKey)).toBe(false)
  })

  it('gives the strangers keys of the same kind, so that a server that takes no other is shown them', () => {
    for (const arm of ['unknown-ca', 'self-signed', 'same-subject'] as const) {
      expect(leafOf(credentials[arm]).publicKey.asymmetricKeyType).toBe(good.privateKey.asymmetricKeyType)
    }
  })

  it('lets the given CA sign an expired certificate and a fresh one, over the good one’s key', () => {
    const [expired, now] = [leafOf(credentials.expired), leafOf(fresh)]
    const authority = new X509Certificate(ca.certificatePem).publicKey
    expect([expired.verify(authority), now.verify(authority)]).toEqual([true, true])
    expect(expired.validToDate.getTime()).toBeLessThan(Date.now())
    expect(now.validToDate.getTime()).toBeGreaterThan(Date.now())
    expect(expired.checkPrivateKey(good.privateKey)).toBe(true)
    expect(missing).toEqual({})
  })
})

it('copies a certificate whose subject is empty', async () => {
  const ca = await createAuthority({ name: 'CA' })
  const good = await issueCertificate(ca, { uris: ['spiffe://example.org/billing'] })
  const { credentials } = await mintCredentials(credential(good), undefined)
  expect(leafOf(credentials['same-subject']).subjectAltName).toBe('URI:spiffe://example.org/billing')
  expect(leafOf(credentials['same-subject']).subject).toBe(leafOf(credential(good)).subject)
})

it('says why an arm cannot be tried', async () => {
  const { credentials, missing } = await mintCredentials(undefined, undefined)
  expect(Object.keys(credentials)).toEqual(['unknown-ca', 'self-signed'])
  expect(Object.keys(missing)).toEqual(['good', 'same-subject', 'expired'])
})
