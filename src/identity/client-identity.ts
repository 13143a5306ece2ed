import { createHash } from 'node:crypto'
import type { Certificate } from './certificate.ts'
import { pinOf } from './pin.ts'

/** Who a client is, from a certificate that was found good. Everything in it is one line of text. */
export interface ClientIdentity {
  /** The SPIFFE ID; absent for a certificate without one. */
  readonly spiffe?: string
  /** DNS names in lower case. */
  readonly dns: readonly string[]
  /** URI names, the SPIFFE ID included. */
  readonly uris: readonly string[]
  /** `sha256/` and base64 of the SHA-256 of the SubjectPublicKeyInfo. */
  readonly spki: string
  /** Lower-case hexadecimal. */
  readonly serial: string
  readonly notAfterMs: number
  /** Base64url of the SHA-256 of the certificate, as RFC 8705 writes it. */
  readonly thumbprint: string
  /** Distinguished names for the log, escaped. */
  readonly subject: string
  readonly issuer: string
}

export function identityOf(certificate: Certificate): ClientIdentity {
  const named = (wanted: 'dns' | 'uri') =>
    certificate.subjectAltNames.filter(({ kind }) => kind === wanted).map(({ value }) => value)
  const uris = named('uri')
  const spiffe = uris.find((uri) => uri.startsWith('spiffe://'))
  return {
    ...(spiffe === undefined ? {} : { spiffe }),
    dns: named('dns').map((name) => name.toLowerCase()),
    uris,
    spki: pinOf(certificate),
    serial: certificate.serialHex,
    notAfterMs: certificate.notAfterMs,
    thumbprint: createHash('sha256').update(certificate.der).digest('base64url'),
    subject: certificate.subjectText,
    issuer: certificate.issuerText,
  }
}
