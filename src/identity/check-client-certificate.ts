import { type Certificate, parseCertificate } from './certificate.ts'
import { type ClientIdentity, identityOf } from './client-identity.ts'
import type { CrlRefusalCode, Revocations } from './crl.ts'
import { publicKeyProblem, signatureHash } from './key-strength.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'
import { parseSpiffeId } from './spiffe-id.ts'

/** Why a client certificate was refused. A code is never reused. */
export type CertificateRefusalCode =
  | CrlRefusalCode
  | 'MALFORMED'
  | 'VERSION_OLD'
  | 'SERIAL_INVALID'
  | 'ALGORITHM_MISMATCH'
  | 'SIGNATURE_WEAK'
  | 'SIGNATURE_UNSUPPORTED'
  | 'ISSUER_EMPTY'
  | 'VALIDITY_REVERSED'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'KEY_WEAK'
  | 'KEY_UNSUPPORTED'
  | 'EXTENSION_DUPLICATE'
  | 'EXTENSION_UNKNOWN_CRITICAL'
  | 'EXTENSION_NOT_FOR_LEAF'
  | 'LEAF_IS_CA'
  | 'LEAF_SIGNS_CERTIFICATES'
  | 'KEY_USAGE_WRONG'
  | 'EXTENDED_KEY_USAGE_WRONG'
  | 'NAME_MISSING'
  | 'NAME_NOT_CRITICAL'
  | 'URI_SEVERAL'
  | 'SPIFFE_ID_INVALID'
  | 'ISSUER_MISSING'
  | 'ISSUER_MALFORMED'

export interface CertificateRefusal {
  readonly ok: false
  readonly code: CertificateRefusalCode
  /** A half sentence that begins with a verb, its subject the field. Quotes nothing of the certificate. */
  readonly says: string
  /** RFC 5280's name of what caused it; certificates above the leaf as `chain[0].keyUsage`. */
  readonly field: string
}

export type ClientCertificateCheck = { readonly ok: true; readonly identity: ClientIdentity } | CertificateRefusal

export interface ClientCertificateInput {
  /** DER. */
  readonly leaf: Uint8Array
  /** DER of the certificates above it, issuer first, up to and with the root. Needed only for `revocations`. */
  readonly chain: readonly Uint8Array[]
  readonly now: Date
  /** Absent: no lists are configured. With them every certificate below the root needs a good answer. */
  readonly revocations?: Revocations
}

/**
 * Judges a client's certificate after OpenSSL has judged its chain: the leaf profile of RFC 5280 and of SPIFFE
 * X.509-SVID, of which OpenSSL asks little and Node less. The signatures of the chain are OpenSSL's affair.
 */
export function checkClientCertificate(input: ClientCertificateInput): ClientCertificateCheck {
  const read = parseCertificate(input.leaf)
  if ('problem' in read) return refuse('MALFORMED', read.problem.field, read.problem.says)
  const leaf = read.certificate
  for (const check of leafChecks) {
    const refusal = check(leaf, input.now)
    if (refusal) return refusal
  }
  const revoked = input.revocations && checkRevocation(leaf, input, input.revocations)
  return revoked ?? { ok: true, identity: identityOf(leaf) }
}

type LeafCheck = (leaf: Certificate, now: Date) => CertificateRefusal | undefined

/** In the order of RFC 5280's fields; the first that refuses is told. */
const leafChecks: readonly LeafCheck[] = [
  checkForm,
  checkSignatureAlgorithm,
  checkValidity,
  checkKey,
  checkExtensions,
  checkConstraints,
  checkUsages,
  checkNames,
]

function refuse(code: CertificateRefusalCode, field: string, says: string): CertificateRefusal {
  return { ok: false, code, field, says }
}

function checkForm({ version, serial, issuer, quirks }: Certificate): CertificateRefusal | undefined {
  if (version !== 3)
    return refuse('VERSION_OLD', 'version', `is ${version}; only version 3 says what a certificate is for`)
  const isNegative = (serial[0] ?? 0) >= 0x80
  if (isNegative) return refuse('SERIAL_INVALID', 'serialNumber', 'is negative')
  if (serial.every((octet) => octet === 0)) return refuse('SERIAL_INVALID', 'serialNumber', 'is zero')
  // RFC 5280 4.1.2.2: 20 octets as they are encoded.
  if (serial.length > 20) return refuse('SERIAL_INVALID', 'serialNumber', `has ${serial.length} octets; 20 is the most`)
  // An empty SEQUENCE.
  if (issuer.length === 2) return refuse('ISSUER_EMPTY', 'issuer', 'is empty')
  const [quirk] = quirks
  return quirk && refuse('MALFORMED', quirk.field, quirk.says)
}

function checkSignatureAlgorithm(leaf: Certificate): CertificateRefusal | undefined {
  const { signatureAlgorithm, outerSignatureAlgorithm } = leaf
  if (!signatureAlgorithm.raw.equals(outerSignatureAlgorithm.raw))
    return refuse('ALGORITHM_MISMATCH', 'signatureAlgorithm', 'is another than the one in the signed part')
  const hash = signatureHash(signatureAlgorithm)
  if (!('says' in hash)) return undefined
  return refuse(hash.weak ? 'SIGNATURE_WEAK' : 'SIGNATURE_UNSUPPORTED', 'signatureAlgorithm', hash.says)
}

function checkValidity({ notBeforeMs, notAfterMs }: Certificate, now: Date): CertificateRefusal | undefined {
  if (notAfterMs < notBeforeMs) return refuse('VALIDITY_REVERSED', 'validity', 'ends before it begins')
  const at = now.getTime()
  if (at < notBeforeMs)
    return refuse('NOT_YET_VALID', 'validity', `begins ${new Date(notBeforeMs).toISOString()}, in the future`)
  // RFC 5280 4.1.2.5: valid through the second that notAfter names.
  if (at >= notAfterMs + 1000) return refuse('EXPIRED', 'validity', `ended ${new Date(notAfterMs).toISOString()}`)
  return undefined
}

function checkKey({ publicKey }: Certificate): CertificateRefusal | undefined {
  const problem = publicKeyProblem(publicKey)
  return problem && refuse(problem.weak ? 'KEY_WEAK' : 'KEY_UNSUPPORTED', 'subjectPublicKeyInfo', problem.says)
}

/** Extensions that we judge or that a leaf may have without a word from us, also when they are critical. */
const understood: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extKeyUsage,
  oids.subjectAltName,
])

/** Extensions that say something about certificates below. */
const forAuthorities: ReadonlyMap<string, string> = new Map([
  [oids.nameConstraints, 'nameConstraints'],
  [oids.policyMappings, 'policyMappings'],
  [oids.policyConstraints, 'policyConstraints'],
  [oids.inhibitAnyPolicy, 'inhibitAnyPolicy'],
])

function checkExtensions({ extensions }: Certificate): CertificateRefusal | undefined {
  const seen = new Set<string>()
  for (const { oid, isCritical } of extensions) {
    if (seen.has(oid)) return refuse('EXTENSION_DUPLICATE', 'extensions', `hold ${oid} twice`)
    seen.add(oid)
    const misplaced = forAuthorities.get(oid)
    if (misplaced) return refuse('EXTENSION_NOT_FOR_LEAF', misplaced, 'stands in a certificate that is no CA’s')
    if (isCritical && !understood.has(oid))
      return refuse('EXTENSION_UNKNOWN_CRITICAL', 'extensions', `hold ${oid}, which is critical and not known`)
  }
  return undefined
}

function checkConstraints({ basicConstraints, keyUsage }: Certificate): CertificateRefusal | undefined {
  if (basicConstraints?.isCa) return refuse('LEAF_IS_CA', 'basicConstraints', 'make the client a CA')
  const signs = keyUsage?.find((usage) => usage === 'keyCertSign' || usage === 'cRLSign')
  if (signs) return refuse('LEAF_SIGNS_CERTIFICATES', 'keyUsage', `holds ${signs}, which only a CA may have`)
  return undefined
}

function checkUsages({ keyUsage, extKeyUsage }: Certificate): CertificateRefusal | undefined {
  if (keyUsage && !keyUsage.includes('digitalSignature'))
    return refuse('KEY_USAGE_WRONG', 'keyUsage', 'lacks digitalSignature, with which a client proves its key')
  // anyExtendedKeyUsage does not count: a certificate for everything was not issued to be a client.
  if (extKeyUsage && !extKeyUsage.includes(oids.clientAuth))
    return refuse('EXTENDED_KEY_USAGE_WRONG', 'extKeyUsage', 'lacks clientAuth')
  return undefined
}

function checkNames(leaf: Certificate): CertificateRefusal | undefined {
  const { subject, subjectAltNames, extensions } = leaf
  const alternative = extensions.find(({ oid }) => oid === oids.subjectAltName)
  if (subject.length === 2) {
    if (!alternative) return refuse('NAME_MISSING', 'subject', 'is empty, and there is no subjectAltName')
    if (!alternative.isCritical)
      return refuse('NAME_NOT_CRITICAL', 'subjectAltName', 'is not critical although the subject is empty')
  }
  const uris = subjectAltNames.filter(({ kind }) => kind === 'uri')
  if (uris.length > 1) return refuse('URI_SEVERAL', 'subjectAltName', 'holds several URIs; a client has one')
  const spiffe = uris.find(({ value }) => /^spiffe:/i.test(value))
  const parsed = spiffe && parseSpiffeId(spiffe.value)
  if (parsed && 'problem' in parsed)
    return refuse('SPIFFE_ID_INVALID', 'subjectAltName', `holds a SPIFFE ID that ${parsed.problem}`)
  // The ID of the trust domain itself is its CAs' (X.509-SVID 4.1 and SPIFFE-ID 2.2: a workload's has a path).
  if (parsed?.id.path === '')
    return refuse('SPIFFE_ID_INVALID', 'subjectAltName', 'holds a SPIFFE ID without a path, which names no workload')
  return undefined
}

function checkRevocation(
  leaf: Certificate,
  { chain, now }: ClientCertificateInput,
  revocations: Revocations,
): CertificateRefusal | undefined {
  let certificate = leaf
  // The root itself is not asked about: nobody above it could revoke it; it is removed from the configuration instead.
  for (const [i, der] of chain.entries()) {
    const read = parseCertificate(der)
    if ('problem' in read) return refuse('ISSUER_MALFORMED', `chain[${i}].${read.problem.field}`, read.problem.says)
    const refusal = revocations.check(certificate, read.certificate, now)
    if (refusal) return { ok: false, ...refusal, field: i === 0 ? refusal.field : `chain[${i - 1}].${refusal.field}` }
    certificate = read.certificate
  }
  if (chain.length === 0)
    return refuse('ISSUER_MISSING', 'issuer', 'is not in the chain, so its revocation list cannot be verified')
  return undefined
}
