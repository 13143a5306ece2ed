import 'reflect-metadata'
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/**
 * A certificate with its private key. Any of them can issue: an authority, an intermediate, and, for a prober or a
 * test, a leaf that must not.
 */
export interface Minted {
  /** This certificate alone. */
  readonly certificatePem: string
  readonly certificateDer: Buffer
  /** This certificate and the intermediates above it, leaf first, without the root: what a server or client presents. */
  readonly chainPem: string
  /** The root above it; its own when it is self-signed. */
  readonly rootPem: string
  /** PKCS #8, unencrypted. */
  readonly privateKeyPem: string
  readonly privateKey: KeyObject
  /** Lower-case hexadecimal, as many octets as are in the certificate. */
  readonly serial: string
  readonly notBefore: Date
  readonly notAfter: Date
}

export type KeyAlgorithm = 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'RSA-2048' | 'RSA-1024'

/**
 * What is minted. The defaults are a good certificate by RFC 5280 and the SPIFFE X.509-SVID profile; everything can be
 * set against them, because the prober and the tests present certificates that must be refused.
 */
export interface CertificateOptions {
  /** The common name, or whole relative distinguished names in order. Absent: an empty subject. */
  readonly subject?: string | readonly Readonly<Record<string, string>>[]
  readonly dns?: readonly string[]
  readonly uris?: readonly string[]
  readonly ips?: readonly string[]
  readonly emails?: readonly string[]
  /** Extended key usage; 'none': no such extension. Default 'client' for leaves, 'none' for authorities. */
  readonly usages?: 'client' | 'server' | 'both' | 'none'
  /** Object identifiers of extended key usages, instead of `usages`. */
  readonly extendedKeyUsage?: readonly string[]
  /** Default a minute ago: clocks of one system differ. */
  readonly notBefore?: Date
  /** Default `days` (30) after now. */
  readonly notAfter?: Date
  readonly days?: number
  /** Hexadecimal, written as a positive integer. Default 16 random octets, the first not zero. */
  readonly serial?: string
  /** Default P-256. */
  readonly algorithm?: KeyAlgorithm
  /** A private key to certify instead of a fresh one. */
  readonly key?: KeyObject
  /** Hash of the signature where the issuer's key is EC or RSA. Default SHA-256. */
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
  readonly isCa?: boolean
  /** Of the basic constraints, where `isCa`. */
  readonly pathLength?: number
  /** Default digitalSignature, for an authority keyCertSign and cRLSign; empty: no such extension. */
  readonly keyUsage?: readonly KeyUsage[]
  /** `false` leaves out subject and authority key identifiers. */
  readonly keyIdentifiers?: boolean
  /** Added as they are, after ours: duplicates and unknown critical ones included. */
  readonly extensions?: readonly ExtraExtension[]
}

export interface ExtraExtension {
  readonly oid: string
  readonly critical: boolean
  /** DER of what stands inside the octet string. */
  readonly value: Uint8Array
}

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'

export interface AuthorityOptions extends Pick<CertificateOptions, 'algorithm' | 'key' | 'hash' | 'serial'> {
  /** Its common name. Two authorities may have the same. */
  readonly name: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Default 365. */
  readonly days?: number
  /** Makes an intermediate. */
  readonly parent?: Minted
  /** How many intermediates may stand below it. Default 0 below a parent, absent for a root. */
  readonly pathLength?: number
  readonly extensions?: readonly ExtraExtension[]
}

/** A root, or with `parent` an intermediate. */
export function createAuthority(options: AuthorityOptions): Promise<Minted> {
  const { name, parent, ...rest } = options
  const pathLength = options.pathLength ?? (parent ? 0 : undefined)
  const asked = { days: 365, ...rest, subject: name, isCa: true, ...(pathLength === undefined ? {} : { pathLength }) }
  return mint(parent, asked)
}

/** A certificate with a fresh key (or `key`), signed by `issuer`. */
export function issueCertificate(issuer: Minted, options: CertificateOptions): Promise<Minted> {
  return mint(issuer, options)
}

/** A certificate that is signed by its own key. */
export function selfSignCertificate(options: CertificateOptions): Promise<Minted> {
  return mint(undefined, options)
}

async function mint(issuer: Minted | undefined, options: CertificateOptions): Promise<Minted> {
  const privateKey = options.key ?? generateKey(options.algorithm ?? 'P-256')
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const signingKey = issuer?.privateKey ?? privateKey
  const subject = subjectName(options.subject)
  const notBefore = options.notBefore ?? new Date(Date.now() - 60_000)
  const notAfter = options.notAfter ?? new Date(Date.now() + (options.days ?? 30) * 86_400_000)
  const serial = (options.serial ?? randomSerial()).toLowerCase()
  const issuerCertificate = issuer ? new x509.X509Certificate(issuer.certificateDer) : undefined
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject,
    issuer: issuerCertificate?.subjectName ?? subject,
    notBefore,
    notAfter,
    publicKey: spki,
    signingKey: signer(signingKey, options.hash),
    signingAlgorithm: { name: signatureName(signingKey), hash: options.hash ?? 'SHA-256' },
    extensions: [...extensions(options), ...(await keyIdentifiers(options, privateKey, signingKey)), ...extra(options)],
  })
  const certificateDer = Buffer.from(certificate.rawData)
  const certificatePem = `${certificate.toString('pem')}\n`
  const isRootsChild = issuer !== undefined && issuer.certificatePem === issuer.rootPem
  return {
    certificatePem,
    certificateDer,
    chainPem: issuer && !isRootsChild ? certificatePem + issuer.chainPem : certificatePem,
    rootPem: issuer?.rootPem ?? certificatePem,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKey,
    serial,
    notBefore,
    notAfter,
  }
}

function extensions(options: CertificateOptions): x509.Extension[] {
  const list: x509.Extension[] = []
  const isCa = options.isCa === true
  list.push(new x509.BasicConstraintsExtension(isCa, isCa ? options.pathLength : undefined, true))
  const keyUsage = options.keyUsage ?? (isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature'])
  if (keyUsage.length > 0) {
    const flags = keyUsage.reduce((sum, name) => sum | x509.KeyUsageFlags[name], 0)
    list.push(new x509.KeyUsagesExtension(flags, true))
  }
  const extended = options.extendedKeyUsage ?? purposes[options.usages ?? (isCa ? 'none' : 'client')]
  if (extended.length > 0) list.push(new x509.ExtendedKeyUsageExtension([...extended]))
  const names = alternativeNames(options)
  // RFC 5280 4.2.1.6: critical where the subject is empty.
  if (names.length > 0) list.push(new x509.SubjectAlternativeNameExtension(names, options.subject === undefined))
  return list
}

async function keyIdentifiers(
  options: CertificateOptions,
  own: KeyObject,
  issuer: KeyObject,
): Promise<x509.Extension[]> {
  if (options.keyIdentifiers === false) return []
  return [
    new x509.SubjectKeyIdentifierExtension(await keyIdentifier(own)),
    new x509.AuthorityKeyIdentifierExtension(await keyIdentifier(issuer)),
  ]
}

function extra(options: CertificateOptions): x509.Extension[] {
  return (options.extensions ?? []).map(
    ({ oid, critical, value }) => new x509.Extension(oid, critical, Uint8Array.from(value)),
  )
}

const purposes = {
  client: ['1.3.6.1.5.5.7.3.2'],
  server: ['1.3.6.1.5.5.7.3.1'],
  both: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
  none: [],
} as const

function alternativeNames(options: CertificateOptions): x509.JsonGeneralName[] {
  const named = (type: 'dns' | 'url' | 'ip' | 'email', values: readonly string[] = []): x509.JsonGeneralName[] =>
    values.map((value) => ({ type, value }))
  return [
    ...named('url', options.uris),
    ...named('dns', options.dns),
    ...named('ip', options.ips),
    ...named('email', options.emails),
  ]
}

function subjectName(subject: CertificateOptions['subject']): x509.Name {
  const names = typeof subject === 'string' ? [{ CN: subject }] : (subject ?? [])
  return new x509.Name(
    names.map((name) =>
      Object.fromEntries(Object.entries(name).map(([type, value]) => [type, [{ utf8String: value }]])),
    ),
  )
}

/** A fresh private key. */
export function generateKey(algorithm: KeyAlgorithm): KeyObject {
  if (algorithm === 'Ed25519') return generateKeyPairSync('ed25519').privateKey
  if (algorithm === 'RSA-2048' || algorithm === 'RSA-1024') {
    return generateKeyPairSync('rsa', { modulusLength: Number(algorithm.slice(4)) }).privateKey
  }
  return generateKeyPairSync('ec', { namedCurve: algorithm }).privateKey
}

/** `key` as the library takes it. */
export function signer(key: KeyObject, hash: CertificateOptions['hash'] = 'SHA-256'): CryptoKey {
  const name = signatureName(key)
  if (name === 'ECDSA') return key.toCryptoKey({ name, namedCurve: curve(key) }, true, ['sign'])
  if (name === 'Ed25519') return key.toCryptoKey(name, true, ['sign'])
  return key.toCryptoKey({ name, hash }, true, ['sign'])
}

export function signatureName(key: KeyObject): 'ECDSA' | 'Ed25519' | 'RSASSA-PKCS1-v1_5' {
  if (key.asymmetricKeyType === 'ec') return 'ECDSA'
  return key.asymmetricKeyType === 'ed25519' ? 'Ed25519' : 'RSASSA-PKCS1-v1_5'
}

function curve(key: KeyObject): string {
  const names: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }
  return names[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256'
}

/** RFC 5280 4.2.1.2 method 1, in hexadecimal: SHA-1 as a name for a key, no security rests on it. */
export async function keyIdentifier(privateKey: KeyObject): Promise<string> {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return Buffer.from(await new x509.PublicKey(Uint8Array.from(spki)).getKeyIdentifier()).toString('hex')
}

function randomSerial(): string {
  const octets = randomBytes(16)
  // A leading zero would be dropped, and a leading one bit would need a seventeenth octet.
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return octets.toString('hex')
}
