import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { SallyportError } from '../errors.ts'
import {
  type CertificateOptions,
  createAuthority,
  issueCertificate,
  type KeyAlgorithm,
  type Minted,
  selfSignCertificate,
} from '../identity/mint/certificate.ts'
import type { ArmCredentials, ArmId } from './arms.ts'
import type { Credential } from './exchange.ts'

/** Identity of the good leaf, as far as it can be copied. */
type Names = Pick<CertificateOptions, 'subject' | 'dns' | 'uris'>

const stranger: Names = { subject: 'sallyport-probe' }
const dayMs = 86_400_000

/**
 * Makes the bad certificates on the spot, with keys of the good one's kind: a server that asks for RSA only would
 * otherwise get no certificate at all, and the arm would test nothing. Rejects with CERTIFICATE_INVALID or CA_INVALID.
 */
export async function mintCredentials(
  good: Credential | undefined,
  authority: Credential | undefined,
): Promise<ArmCredentials & { readonly fresh?: Credential }> {
  const leaf = good ? readCertificate(good.certificate, 'CERTIFICATE_INVALID', '--cert') : undefined
  const key = good && leaf ? readKey(good.key, leaf, 'CERTIFICATE_INVALID', '--key') : undefined
  const algorithm = key ? algorithmOf(key) : 'P-256'
  const unknown = await createAuthority({ name: 'Unknown CA', algorithm })
  const missing: Partial<Record<ArmId, string>> = {}
  const credentials: Partial<Record<ArmId, Credential>> = {
    'unknown-ca': credentialOf(await issueCertificate(unknown, { ...stranger, algorithm })),
    'self-signed': credentialOf(await selfSignCertificate({ ...stranger, algorithm })),
  }
  if (good && leaf) {
    checkChain(good)
    credentials.good = good
    const forged = await selfSignCertificate({ subject: namesIn(leaf.issuer), isCa: true, algorithm })
    credentials['same-subject'] = credentialOf(await issueCertificate(forged, { ...namesOf(leaf), algorithm }))
  } else {
    missing.good = 'no good certificate was given (--cert, --key)'
    missing['same-subject'] = 'no good certificate was given whose subject could be copied (--cert, --key)'
  }
  if (!authority) {
    missing.expired =
      'needs the key of the CA (--client-ca, --ca-key): one from another CA would prove no more than “unknown CA”'
    return { credentials, missing }
  }
  const names = leaf ? namesOf(leaf) : stranger
  // The good leaf's own key where there is one: a service that pins public keys knows it.
  const own = { ...names, algorithm, ...(key ? { key } : {}) }
  const issuer = readAuthority(authority)
  const issue = async (options: CertificateOptions) => withIssuer(await issueCertificate(issuer, options), issuer)
  credentials.expired = await issue({
    ...own,
    notBefore: new Date(Date.now() - 30 * dayMs),
    notAfter: new Date(Date.now() - dayMs),
  })
  return { credentials, missing, fresh: await issue({ ...own, days: 1 }) }
}

function credentialOf(minted: Minted): Credential {
  return { certificate: minted.chainPem, key: minted.privateKeyPem }
}

/** With the CA's certificate behind it: where that is an intermediate, the server needs it. */
function withIssuer(minted: Minted, issuer: Minted): Credential {
  return { certificate: minted.certificatePem + issuer.certificatePem, key: minted.privateKeyPem }
}

function readAuthority({ certificate, key }: Credential): Minted {
  const parsed = readCertificate(certificate, 'CA_INVALID', '--client-ca')
  const privateKey = readKey(key, parsed, 'CA_INVALID', '--ca-key')
  const certificatePem = parsed.toString()
  return {
    certificatePem,
    certificateDer: parsed.raw,
    chainPem: certificatePem,
    rootPem: certificatePem,
    privateKeyPem: key,
    privateKey,
    serial: parsed.serialNumber.toLowerCase(),
    notBefore: new Date(parsed.validFrom),
    notAfter: new Date(parsed.validTo),
  }
}

function readCertificate(pem: string, code: 'CERTIFICATE_INVALID' | 'CA_INVALID', option: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new SallyportError(code, `${option} holds no certificate in PEM form`, { cause })
  }
}

function readKey(
  pem: string,
  certificate: X509Certificate,
  code: 'CERTIFICATE_INVALID' | 'CA_INVALID',
  option: string,
): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    // Not the cause: OpenSSL's texts have quoted input before.
    throw new SallyportError(code, `${option} holds no private key in PEM form that is readable without a passphrase`)
  }
  if (certificate.checkPrivateKey(key)) return key
  throw new SallyportError(code, `${option} is not the key of the certificate that was given with it`)
}

/** What stands behind the leaf is read by nobody before the first connection, which would then not be made. */
function checkChain({ certificate, key }: Credential): void {
  try {
    createSecureContext({ cert: certificate, key })
  } catch {
    throw new SallyportError(
      'CERTIFICATE_INVALID',
      '--cert and --key cannot be used: a certificate behind the first one is damaged',
    )
  }
}

function algorithmOf(key: KeyObject): KeyAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519'
  if (key.asymmetricKeyType !== 'ec') return 'RSA-2048'
  const curves: Record<string, KeyAlgorithm> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }
  return curves[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256'
}

function namesOf(leaf: X509Certificate): Names {
  const alternatives = leaf.subjectAltName?.includes('"') ? [] : (leaf.subjectAltName?.split(', ') ?? [])
  const valuesOf = (label: string) =>
    alternatives.filter((text) => text.startsWith(`${label}:`)).map((text) => text.slice(label.length + 1))
  const subject = namesIn(leaf.subject)
  return { ...(subject.length > 0 ? { subject } : {}), dns: valuesOf('DNS'), uris: valuesOf('URI') }
}

/** Node writes a distinguished name one relative name a line, with OpenSSL's short names and RFC 4514 escapes. */
function namesIn(text: string | undefined): Record<string, string>[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const equals = line.indexOf('=')
    if (equals < 1) return []
    const type = line.slice(0, equals)
    const value = line.slice(equals + 1).replace(/\\([^0-9A-Fa-f])/g, '$1')
    return [{ [shortNames[type] ?? type]: value }]
  })
}

const shortNames: Readonly<Record<string, string>> = {
  emailAddress: 'E',
  serialNumber: '2.5.4.5',
  street: '2.5.4.9',
  SN: '2.5.4.4',
  GN: '2.5.4.42',
  UID: '0.9.2342.19200300.100.1.1',
}
