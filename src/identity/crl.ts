import { constants, createPublicKey, verify } from 'node:crypto'
import { limits } from '../limits.ts'
import {
  type AlgorithmIdentifier,
  algorithmFrom,
  type Certificate,
  type Extension,
  extensionList,
  type Fail,
  type FieldProblem,
  serialHex,
  signedFrom,
} from './certificate.ts'
import { type DerElement, readDer, tags } from './der.ts'
import { distinguishedNameText } from './distinguished-name.ts'
import { signatureHash } from './key-strength.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'
import { parseTime } from './parse-time.ts'
import { splitPem } from './pem.ts'

/** A whole revocation list (RFC 5280 5), as it is written; whose signature it bears is not known yet. */
export interface Crl {
  /** A name in DER, to compare, and in text, to show. */
  readonly issuer: Buffer
  readonly issuerText: string
  readonly thisUpdateMs: number
  readonly nextUpdateMs: number
  /** Serial numbers in lower-case hexadecimal. */
  readonly revoked: ReadonlySet<string>
  readonly authorityKeyIdentifier?: Buffer
  readonly signed: { readonly tbs: Buffer; readonly algorithm: AlgorithmIdentifier; readonly signature: Buffer }
}

export type CrlRefusalCode = 'CRL_MISSING' | 'CRL_FORGED' | 'CRL_EXPIRED' | 'CRL_NOT_YET_VALID' | 'CERTIFICATE_REVOKED'

export interface CrlRefusal {
  readonly code: CrlRefusalCode
  readonly says: string
  readonly field: string
}

/**
 * Reads the lists of a PEM file, or one list in DER. Delta and indirect lists, lists for a part of the certificates and
 * lists without `nextUpdate` are problems: each would let a revoked certificate pass a reader that does not know them.
 */
export function readCrls(file: string | Uint8Array): {
  readonly crls: readonly Crl[]
  readonly problems: readonly string[]
} {
  if (typeof file !== 'string') return collect([['', file]])
  const { blocks, problems } = splitPem(file)
  const others = blocks.filter(({ label }) => label !== 'X509 CRL')
  const lists = blocks.filter(({ label }) => label === 'X509 CRL')
  const read = collect(lists.map(({ der, line }) => [`line ${line}: `, der] as const))
  const all = [
    ...problems.map(({ line, says }) => `line ${line}: ${says}`),
    ...others.map(({ line }) => `line ${line}: begins a block that is no revocation list`),
    ...read.problems,
  ]
  return { crls: read.crls, problems: all.length === 0 && lists.length === 0 ? ['holds no revocation list'] : all }
}

function collect(files: readonly (readonly [string, Uint8Array])[]): { crls: Crl[]; problems: string[] } {
  const crls: Crl[] = []
  const problems: string[] = []
  for (const [where, der] of files) {
    const read = parseCrl(der)
    if ('crl' in read) crls.push(read.crl)
    else problems.push(`${where}${read.problem.field} ${read.problem.says}`)
  }
  return { crls, problems }
}

/** Reads one list in DER. Never throws. */
export function parseCrl(der: Uint8Array): { readonly crl: Crl } | { readonly problem: FieldProblem } {
  if (der.length > limits.certificateFileBytesMax)
    return { problem: { field: 'certificateList', says: `is longer than ${limits.certificateFileBytesMax} octets` } }
  const read = readDer(der)
  if ('problem' in read)
    return { problem: { field: 'certificateList', says: `at octet ${read.problem.at}: ${read.problem.says}` } }
  const problems: FieldProblem[] = []
  const crl = crlFrom(read.element, (field, says) => {
    problems.push({ field, says })
    return undefined
  })
  const [problem = { field: 'certificateList', says: 'is not a revocation list' }] = problems
  return crl && problems.length === 0 ? { crl } : { problem }
}

function crlFrom(element: DerElement, fail: Fail): Crl | undefined {
  const signed = signedFrom(element)
  if (signed?.tbs.tag !== tags.sequence)
    return fail('certificateList', 'is not a sequence of contents, algorithm and signature')
  const [version, algorithmElement, issuer, thisUpdate, nextUpdate, ...rest] = signed.tbs.children
  if (version?.tag !== tags.integer || !version.contents.equals(Buffer.of(1))) return fail('version', 'is not 2')
  const algorithm = algorithmFrom(algorithmElement)
  if (!algorithm?.raw.equals(signed.algorithm.raw))
    return fail('signature', 'names another algorithm inside than outside')
  const issuerText = distinguishedNameText(issuer)
  if (!issuer || issuerText === undefined || issuer.children.length === 0)
    return fail('issuer', 'is not a distinguished name')
  const from = thisUpdate && parseTime(thisUpdate)
  if (!from) return fail('thisUpdate', 'is not a time as RFC 5280 writes it')
  const until = nextUpdate && parseTime(nextUpdate)
  if (!until) return fail('nextUpdate', 'is missing, so nobody could tell when the list is stale')
  const list = rest[0]?.tag === tags.sequence ? rest.shift() : undefined
  const wrapped = rest[0]?.tag === 0xa0 ? rest.shift() : undefined
  if (rest.length > 0) return fail('certificateList', 'holds something that is not known')
  const extensions = wrapped ? (wrapped.children.length === 1 ? extensionList(wrapped.children[0]) : undefined) : []
  if (!extensions) return fail('crlExtensions', 'is not a sequence of extensions')
  checkExtensions(extensions, fail)
  const revoked = revokedFrom(list, fail)
  if (!revoked) return undefined
  const keyIdentifier = authorityKey(extensions)
  return {
    issuer: issuer.raw,
    issuerText,
    thisUpdateMs: from.ms,
    nextUpdateMs: until.ms,
    revoked,
    ...(keyIdentifier ? { authorityKeyIdentifier: keyIdentifier } : {}),
    signed: { tbs: signed.tbs.raw, algorithm: signed.algorithm, signature: signed.signature },
  }
}

function checkExtensions(extensions: readonly Extension[], fail: Fail): void {
  const seen = new Set<string>()
  for (const { oid, isCritical } of extensions) {
    if (seen.has(oid)) fail('crlExtensions', 'holds an extension twice')
    seen.add(oid)
    if (oid === oids.deltaCrlIndicator) fail('deltaCRLIndicator', 'makes this a delta list; give whole lists only')
    else if (oid === oids.issuingDistributionPoint)
      fail(
        'issuingDistributionPoint',
        'makes this a list of other issuers or of a part of the certificates; give whole lists only',
      )
    else if (isCritical) fail('crlExtensions', 'holds a critical extension that is not known')
  }
}

function revokedFrom(list: DerElement | undefined, fail: Fail): ReadonlySet<string> | undefined {
  const revoked = new Set<string>()
  if (!list) return revoked
  // RFC 5280 5.1.2.6: absent when there is none.
  if (list.children.length === 0) return fail('revokedCertificates', 'is empty instead of absent')
  for (const { tag, children } of list.children) {
    const [serial, at, entryExtensions, ...rest] = tag === tags.sequence ? children : []
    if (serial?.tag !== tags.integer || !at || !parseTime(at) || rest.length > 0)
      return fail('revokedCertificates', 'holds an entry that is not a serial number and a time')
    const extensions = entryExtensions ? extensionList(entryExtensions) : []
    if (!extensions) return fail('crlEntryExtensions', 'is not a sequence of extensions')
    if (extensions.some(({ oid }) => oid === oids.certificateIssuer))
      return fail('certificateIssuer', 'makes this an indirect list; give lists of one issuer only')
    if (extensions.some(({ oid, isCritical }) => isCritical && oid !== oids.reasonCode))
      return fail('crlEntryExtensions', 'holds a critical extension that is not known')
    revoked.add(serialHex(serial.contents))
  }
  return revoked
}

function authorityKey(extensions: readonly Extension[]): Buffer | undefined {
  const extension = extensions.find(({ oid }) => oid === oids.authorityKeyIdentifier)
  const read = extension && readDer(extension.value)
  return read && 'element' in read ? read.element.children.find(({ tag }) => tag === 0x80)?.contents : undefined
}

/** Whether `issuer` signed the list, and may. */
export function isCrlSignedBy(crl: Crl, issuer: Certificate): boolean {
  if (!issuer.subject.equals(crl.issuer)) return false
  if (issuer.keyUsage && !issuer.keyUsage.includes('cRLSign')) return false
  const algorithm = signatureHash(crl.signed.algorithm)
  if ('says' in algorithm) return false
  try {
    const key = createPublicKey({ key: issuer.publicKey.spki, format: 'der', type: 'spki' })
    const padding = algorithm.isPss
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
      : {}
    return verify(algorithm.hash, crl.signed.tbs, { key, ...padding }, crl.signed.signature)
  } catch {
    return false
  }
}

/** The lists that are in force, with what is known of their signatures. */
export interface Revocations {
  /**
   * Undefined when `certificate`, issued by `issuer`, is not revoked by a fresh list that `issuer` signed; a refusal
   * otherwise, and also when there is no such list: what is not known to be good does not pass.
   */
  check(certificate: Certificate, issuer: Certificate, now: Date): CrlRefusal | undefined
}

/** Absent lists, and only they, mean that nothing is ever revoked: the caller then has no `Revocations`. */
export function openRevocations(crls: readonly Crl[]): Revocations {
  // A signature is verified once for each list and issuer: it does not change, and a handshake should not wait for it.
  const verified = new Map<Crl, Map<string, boolean>>()
  const isSigned = (crl: Crl, issuer: Certificate): boolean => {
    const known = verified.get(crl) ?? new Map<string, boolean>()
    verified.set(crl, known)
    const name = issuer.publicKey.spki.toString('latin1')
    const result = known.get(name) ?? isCrlSignedBy(crl, issuer)
    // Issuers come from chains that a client sends; only those of a configured CA verify, but they need a bound too.
    if (known.size < limits.leafCacheMax) known.set(name, result)
    return result
  }
  return {
    check(certificate, issuer, now) {
      const named = crls.filter((crl) => crl.issuer.equals(certificate.issuer))
      if (named.length === 0) return refuse('CRL_MISSING', 'there is no revocation list of its issuer')
      const mine = named.filter((crl) => isSigned(crl, issuer))
      if (mine.length === 0)
        return refuse('CRL_FORGED', 'no revocation list of its issuer’s name bears its issuer’s signature')
      // Before freshness: an old list still knows what was revoked.
      if (mine.some(({ revoked }) => revoked.has(certificate.serialHex)))
        return refuse('CERTIFICATE_REVOKED', 'its issuer has revoked it')
      const at = now.getTime()
      if (mine.some((crl) => crl.thisUpdateMs <= at && at <= crl.nextUpdateMs)) return undefined
      if (mine.every((crl) => at < crl.thisUpdateMs))
        return refuse('CRL_NOT_YET_VALID', 'the revocation list of its issuer is from the future')
      return refuse('CRL_EXPIRED', 'the revocation list of its issuer is past its nextUpdate')
    },
  }
}

function refuse(code: CrlRefusalCode, says: string): CrlRefusal {
  return { code, says, field: 'serialNumber' }
}
