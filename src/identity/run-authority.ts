import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { SallyportError } from '../errors.ts'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
} from './der-writer.ts'
import { ipOctets } from './ip-octets.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'
import { commonName, extension, pemOf, signCertificate } from './sign-certificate.ts'

/** The certificate authority of one run of the egress door: it can name the given hosts and no others. */
export interface RunAuthority {
  /** What the app has to trust. */
  readonly rootPem: string
  readonly intermediatePem: string
  /**
   * A certificate for one of the hosts: DNS name, or IP address with or without brackets. Takes about a millisecond;
   * the caller keeps it until `notAfter`. Every leaf of a run has the same key. Throws CERTIFICATE_INVALID for a host
   * that the authority may not name.
   */
  leafFor(host: string, now?: Date): RunLeaf
}

export interface RunLeaf {
  /** Leaf and intermediate: what the door presents. */
  readonly chainPem: string
  /** PKCS #8. */
  readonly privateKeyPem: string
  readonly notAfter: Date
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * Makes the authority. `hosts`: names in lower case, `*.example.com` for every name below it, or IP addresses.
 *
 * Two certificates, because Java ignores name constraints on a trust anchor: the root is unconstrained and its key is
 * gone when this returns, and the intermediate is constrained. Both live as long as a run can (ten years): the app
 * reads the root once, when it starts, and the only key that is left dies with the gateway. Leaves live seven days.
 */
export function createRunAuthority({ hosts, now }: { hosts: readonly string[]; now: Date }): RunAuthority {
  const validity = { notBefore: new Date(now.getTime() - hourMs), notAfter: new Date(now.getTime() + 3650 * dayMs) }
  const rootName = commonName(`Sallyport run ${randomBytes(4).toString('hex')} root`)
  const name = commonName('Sallyport run')
  const root = freshKey()
  const intermediate = freshKey()
  const leaf = freshKey()
  const rootDer = signCertificate(
    {
      serial: randomSerial(),
      issuer: rootName,
      subject: rootName,
      ...validity,
      publicKey: root.spki,
      extensions: [...authorityExtensions(1), ...keyIdentifiers(root, root)],
    },
    root.privateKey,
  )
  const intermediateDer = signCertificate(
    {
      serial: randomSerial(),
      issuer: rootName,
      subject: name,
      ...validity,
      publicKey: intermediate.spki,
      extensions: [...authorityExtensions(0), nameConstraints(hosts), ...keyIdentifiers(intermediate, root)],
    },
    root.privateKey,
  )
  const intermediatePem = pemOf('CERTIFICATE', intermediateDer)
  const privateKeyPem = leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const leafFor = (host: string, at = new Date()): RunLeaf => {
    const bare = host.replace(/^\[(.*)\]$/, '$1')
    if (!isNamed(hosts, bare))
      throw new SallyportError('CERTIFICATE_INVALID', `${host}: this run’s authority may not name it`)
    const notAfter = new Date(Math.min(at.getTime() + 7 * dayMs, validity.notAfter.getTime()))
    const der = signCertificate(
      {
        serial: randomSerial(),
        issuer: name,
        // The host is not here: OpenSSL holds a common name that looks like one against the constraints on DNS names.
        subject: commonName('Sallyport egress'),
        notBefore: new Date(Math.max(at.getTime() - hourMs, validity.notBefore.getTime())),
        notAfter,
        publicKey: leaf.spki,
        extensions: [...leafExtensions(bare), ...keyIdentifiers(leaf, intermediate)],
      },
      intermediate.privateKey,
    )
    return { chainPem: pemOf('CERTIFICATE', der) + intermediatePem, privateKeyPem, notAfter }
  }
  return { rootPem: pemOf('CERTIFICATE', rootDer), intermediatePem, leafFor }
}

interface Key {
  readonly privateKey: KeyObject
  readonly spki: Buffer
  readonly identifier: Buffer
}

function freshKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return { privateKey, spki, identifier: createHash('sha256').update(spki).digest().subarray(0, 20) }
}

function authorityExtensions(pathLength: number): Buffer[] {
  return [
    extension(oids.basicConstraints, 'critical', sequence(boolean(true), integer(pathLength))),
    // keyCertSign and cRLSign: bits 5 and 6.
    extension(oids.keyUsage, 'critical', bitString(Buffer.of(0x06), 1)),
  ]
}

function leafExtensions(host: string): Buffer[] {
  const address = ipOctets(host)
  const name = address ? implicit(7, address) : implicit(2, Buffer.from(host, 'latin1'))
  return [
    extension(oids.basicConstraints, 'critical', sequence()),
    extension(oids.keyUsage, 'critical', bitString(Buffer.of(0x80), 7)),
    extension(oids.extKeyUsage, 'not critical', sequence(objectIdentifier(oids.serverAuth))),
    extension(oids.subjectAltName, 'not critical', sequence(name)),
  ]
}

function keyIdentifiers(own: Key, issuer: Key): Buffer[] {
  return [
    extension(oids.subjectKeyIdentifier, 'not critical', octetString(own.identifier)),
    extension(oids.authorityKeyIdentifier, 'not critical', sequence(implicit(0, issuer.identifier))),
  ]
}

/**
 * RFC 5280 4.2.1.10. A constraint on one kind of name leaves the other kinds free, so the kind that no host is of is
 * excluded as a whole.
 */
function nameConstraints(hosts: readonly string[]): Buffer {
  const addresses = hosts
    .map((host) => ipOctets(host.replace(/^\[(.*)\]$/, '$1')))
    .filter((octets) => octets !== undefined)
  const names = hosts.filter((host) => !ipOctets(host.replace(/^\[(.*)\]$/, '$1')))
  const permitted = [
    // A leading dot covers the names below and excludes the base name, as `*.` does in a policy.
    ...names.map((name) => implicit(2, Buffer.from(name.replace(/^\*\./, '.'), 'latin1'))),
    ...addresses.map((octets) => implicit(7, Buffer.concat([octets, Buffer.alloc(octets.length, 0xff)]))),
  ]
  const excluded = [
    ...(names.length === 0 ? [implicit(2, Buffer.alloc(0))] : []),
    ...(addresses.length === 0 ? [implicit(7, Buffer.alloc(8)), implicit(7, Buffer.alloc(32))] : []),
  ]
  const subtrees = (number: number, list: readonly Buffer[]) =>
    list.length === 0 ? [] : [explicit(number, ...list.map((base) => sequence(base)))]
  return extension(oids.nameConstraints, 'critical', sequence(...subtrees(0, permitted), ...subtrees(1, excluded)))
}

function isNamed(hosts: readonly string[], host: string): boolean {
  const address = ipOctets(host)
  return hosts.some((named) => {
    if (address) return ipOctets(named.replace(/^\[(.*)\]$/, '$1'))?.equals(address) === true
    return named === host || (named.startsWith('*.') && host.endsWith(named.slice(1)) && host.length > named.length - 1)
  })
}

function randomSerial(): Buffer {
  const octets = randomBytes(16)
  // Positive, and no octet that DER would have to drop.
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return octets
}
