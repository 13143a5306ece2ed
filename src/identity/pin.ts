import { createHash } from 'node:crypto'
import { type Certificate, isSignedBy, parseCertificate } from './certificate.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'

/** `sha256/` and base64 of the SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469 §2.4). */
export function pinOf(certificate: Certificate): string {
  return `sha256/${createHash('sha256').update(certificate.publicKey.spki).digest('base64')}`
}

/**
 * Whether the leaf, or an authority that certified it, has one of the `pins`. `chain` is in DER, leaf first, as the peer
 * sent it and the roots complete it: OpenSSL has found some path for the leaf, and the peer may have sent others.
 *
 * So each step is proven here: an authority by its constraints, valid now, whose key signed the one below. Without
 * "authority", whoever has any certificate below a pinned key could certify a public authority's key with it and put
 * that in front of his own. Above a certificate with name constraints nothing is believed: they are not evaluated here.
 */
export function matchesPin(chain: readonly Uint8Array[], pins: readonly string[], now: Date): boolean {
  let below: Certificate | undefined
  for (const [depth, der] of chain.entries()) {
    const read = parseCertificate(der)
    if ('problem' in read) return false
    const { certificate } = read
    if (below && !certifies(certificate, below, depth - 1, now)) return false
    if (pins.includes(pinOf(certificate))) return true
    if (certificate.extensions.some(({ oid }) => oid === oids.nameConstraints)) return false
    below = certificate
  }
  return false
}

/** `authoritiesBetween`: how many stand between `issuer` and the leaf (RFC 5280 §4.2.1.9). */
function certifies(issuer: Certificate, below: Certificate, authoritiesBetween: number, now: Date): boolean {
  const { basicConstraints, keyUsage, notBeforeMs, notAfterMs } = issuer
  const at = now.getTime()
  return (
    basicConstraints?.isCa === true &&
    authoritiesBetween <= (basicConstraints.pathLength ?? Number.POSITIVE_INFINITY) &&
    (keyUsage === undefined || keyUsage.includes('keyCertSign')) &&
    at >= notBeforeMs &&
    at <= notAfterMs &&
    issuer.subject.equals(below.issuer) &&
    isSignedBy(below, issuer)
  )
}
