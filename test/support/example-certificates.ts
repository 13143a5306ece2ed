import {
  type AuthorityOptions,
  createAuthority,
  issueCertificate,
  selfSignCertificate,
} from '../../src/identity/mint/certificate.ts'
import { issueCrl } from '../../src/identity/mint/crl.ts'

const day = 86_400_000

/** What `{{certificate:NAME}}` stands for in the examples of rules: PEM, made anew in each run. */
export async function exampleCertificates(): Promise<ReadonlyMap<string, string>> {
  const authority = await createAuthority({ name: 'Example CA' })
  const past = { notBefore: new Date(Date.now() - 400 * day), notAfter: new Date(Date.now() - 35 * day) }
  const server = { subject: 'api.example.com', dns: ['api.example.com'], usages: 'server' as const }
  const named: AuthorityOptions = { name: 'ISRG Root X1' }
  const pem = async (options: Parameters<typeof issueCertificate>[1]) =>
    (await issueCertificate(authority, options)).certificatePem
  return new Map([
    ['authority', authority.certificatePem],
    ['authority-key', authority.privateKeyPem],
    ['public-authority', (await createAuthority(named)).certificatePem],
    ['server', await pem(server)],
    ['client', await pem({ subject: 'billing', dns: ['billing.example.com'] })],
    ['no-names', (await selfSignCertificate({ subject: 'api.example.com', usages: 'server' })).certificatePem],
    ['expired', await pem({ ...server, ...past })],
    ['from-the-future', await pem({ ...server, notBefore: new Date(Date.now() + 9 * day) })],
    ['short-key', await pem({ ...server, algorithm: 'RSA-1024' })],
    ['sha1', await pem({ ...server, hash: 'SHA-1' })],
    ['short-group', shortGroup()],
    ['list', await issueCrl(authority, { revoked: [], number: 1 })],
    [
      'stale-list',
      await issueCrl(authority, { revoked: [], number: 1, thisUpdate: past.notBefore, nextUpdate: past.notAfter }),
    ],
    ['keystore', keystore()],
  ])
}

/** The beginning of a PFX of PKCS #12 (RFC 7292 §4), with nothing that is no text in it. */
function keystore(): string {
  const contentType = [0x06, 0x09, 0x2a, 0x06, 0x08, 0x2a, 0x06, 0x48, 0x06, 0x0d, 0x01]
  return Buffer.from([0x30, 0x10, 0x02, 0x01, 0x03, 0x30, contentType.length, ...contentType]).toString('latin1')
}

/** Parameters of 1,024 bits, as openssl writes them; that the number is no prime is not looked at. */
function shortGroup(): string {
  const prime = Buffer.alloc(129, 0xff)
  prime[0] = 0
  const number = Buffer.concat([Buffer.from([0x02, 0x81, prime.length]), prime, Buffer.from([0x02, 0x01, 0x02])])
  const der = Buffer.concat([Buffer.from([0x30, 0x81, number.length]), number])
  return `-----BEGIN DH PARAMETERS-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END DH PARAMETERS-----\n`
}
