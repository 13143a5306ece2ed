import { type KeyObject, sign } from 'node:crypto'
import {
  bitString,
  boolean,
  element,
  explicit,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der-writer.ts'
import { objectIdentifiers } from './object-identifiers.ts'

/** The parts of a certificate, each as it is written; nothing is checked. */
export interface CertificateParts {
  /** Default 3. */
  readonly version?: 1 | 2 | 3
  /** Octets of the INTEGER, as they are: a first octet above 0x7f makes it negative. */
  readonly serial: Uint8Array
  /** Names in DER (`commonName`). */
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array
  /** Extensions in DER (`extension`), in order. */
  readonly extensions: readonly Uint8Array[]
}

/**
 * The DER of a certificate that `key`, a P-256 private key, signs. Written here and not by a library, because the
 * gateway mints with it and loads none.
 */
export function signCertificate(parts: CertificateParts, key: KeyObject): Buffer {
  const { version = 3, extensions } = parts
  const algorithm = sequence(objectIdentifier(objectIdentifiers.ecdsaWithSha256))
  const toBeSigned = sequence(
    ...(version === 1 ? [] : [explicit(0, element(2, Buffer.of(version - 1)))]),
    element(2, parts.serial),
    algorithm,
    parts.issuer,
    sequence(time(parts.notBefore), time(parts.notAfter)),
    parts.subject,
    parts.publicKey,
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
  )
  return sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, key)))
}

/** A name of one common name; the empty name when there is none. */
export function commonName(text?: string): Buffer {
  if (text === undefined) return sequence()
  return sequence(set(sequence(objectIdentifier(objectIdentifiers.commonName), utf8String(text))))
}

export function extension(oid: string, critical: 'critical' | 'not critical', value: Uint8Array): Buffer {
  // DER leaves out a FALSE that is the default.
  const flag = critical === 'critical' ? [boolean(true)] : []
  return sequence(objectIdentifier(oid), ...flag, octetString(value))
}

export function pemOf(label: 'CERTIFICATE' | 'X509 CRL', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
