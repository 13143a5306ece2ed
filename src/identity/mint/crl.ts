import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { keyIdentifier, type Minted, signatureName, signer } from './certificate.ts'

export interface CrlOptions {
  readonly revoked: readonly RevokedSerial[]
  /** Increases with every list of the issuer. */
  readonly number: number
  /** Default a minute ago: clocks of one system differ. */
  readonly thisUpdate?: Date
  /** Default 30 days after now. */
  readonly nextUpdate?: Date
  /** Default SHA-256. */
  readonly hash?: 'SHA-1' | 'SHA-256'
}

export interface RevokedSerial {
  /** Hexadecimal. */
  readonly serial: string
  /** Default now. */
  readonly at?: Date
  /** Default cessationOfOperation. */
  readonly reason?: RevocationReason
}

export type RevocationReason = 'keyCompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation'

/** A whole certificate revocation list of `issuer`, in PEM. */
export async function issueCrl(issuer: Minted, options: CrlOptions): Promise<string> {
  const { hash = 'SHA-256' } = options
  const number = options.number.toString(16)
  const octets = Buffer.from(number.length % 2 ? `0${number}` : number, 'hex')
  const positive = (octets[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), octets]) : octets
  const crl = await x509.X509CrlGenerator.create({
    issuer: new x509.X509Certificate(issuer.certificateDer).subjectName,
    thisUpdate: options.thisUpdate ?? new Date(Date.now() - 60_000),
    nextUpdate: options.nextUpdate ?? new Date(Date.now() + 30 * 86_400_000),
    // Always with a reason: without one the library writes an empty list of extensions, which RFC 5280 does not allow.
    entries: options.revoked.map(({ serial, at, reason }) => ({
      serialNumber: serial,
      revocationDate: at ?? new Date(),
      reason: x509.X509CrlReason[reason ?? 'cessationOfOperation'],
    })),
    extensions: [
      new x509.AuthorityKeyIdentifierExtension(await keyIdentifier(issuer.privateKey)),
      new x509.Extension('2.5.29.20', false, Buffer.concat([Buffer.of(2, positive.length), positive])),
    ],
    signingKey: signer(issuer.privateKey, hash),
    signingAlgorithm: { name: signatureName(issuer.privateKey), hash },
  })
  // The library's label is CRL; RFC 7468 and OpenSSL know X509 CRL.
  return `${crl.toString('pem').replaceAll(' CRL-----', ' X509 CRL-----')}\n`
}
