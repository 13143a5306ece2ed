import { createHash } from 'node:crypto'

/**
 * Guards a truststore against damage and keeps nothing secret: what Java itself uses for the roots that it comes with.
 */
export const truststorePassword = 'changeit'

const magic = 0xfeedfeed
const version = 2
const trustedCertificate = 2

/**
 * A Java truststore (JKS, as `sun.security.provider.JavaKeyStore` reads it) of the certificates in `pem`, one entry
 * each. JKS and not PKCS #12: Java trusts a certificate of the latter only where it bears an attribute of Oracle's own,
 * and Java 8 to 25 read both. `now` is written as the time at which each came in.
 */
export function writeTruststore(pem: string, now: Date): Buffer {
  const certificates = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(
    ([, base64 = '']) => Buffer.from(base64, 'base64'),
  )
  const parts: Buffer[] = [integers(magic, version, certificates.length)]
  const created = Buffer.alloc(8)
  created.writeBigUInt64BE(BigInt(now.getTime()))
  for (const [index, certificate] of certificates.entries()) {
    parts.push(
      integers(trustedCertificate),
      text(String(index)),
      created,
      text('X.509'),
      integers(certificate.length),
      certificate,
    )
  }
  // The password in UTF-16, a constant of the format's, and the data: a check, not a signature.
  const digest = createHash('sha1')
    .update(Buffer.from(truststorePassword, 'utf16le').swap16())
    .update('Mighty Aphrodite')
  for (const part of parts) digest.update(part)
  return Buffer.concat([...parts, digest.digest()])
}

function integers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

/** Java's modified UTF-8, which is UTF-8 for ASCII. */
function text(ascii: string): Buffer {
  const bytes = Buffer.from(ascii)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
