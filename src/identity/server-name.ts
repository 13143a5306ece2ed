import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/**
 * Why the certificate (DER) does not name `host`, or undefined when it does. Subject alternative names alone count
 * (RFC 9525 §6.3, §6.4): a wildcard is a whole left-most label, and the common name is never looked at.
 */
export function matchesServerName(der: Uint8Array, host: string): string | undefined {
  const certificate = new X509Certificate(der)
  const named =
    isIP(host) === 0
      ? certificate.checkHost(host, { subject: 'never', partialWildcards: false, wildcards: true })
      : certificate.checkIP(host)
  return named === undefined ? 'its certificate does not name this host in a subject alternative name' : undefined
}
