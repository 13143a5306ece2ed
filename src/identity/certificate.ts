import { X509Certificate } from 'node:crypto'
import { limits } from '../limits.ts'
import { type DerElement, objectIdentifierText, readDer, tags } from './der.ts'
import { distinguishedNameText } from './distinguished-name.ts'
import { ipText } from './ip-octets.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'
import { parseTime } from './parse-time.ts'

/** A certificate as it is written. Nothing is judged here beyond that it can be read in one way only. */
export interface Certificate {
  readonly der: Buffer
  readonly version: 1 | 2 | 3
  /** Contents of the INTEGER: a first octet above 0x7f is a negative number. */
  readonly serial: Buffer
  /** Lower-case hexadecimal, without the octet that only keeps it positive. */
  readonly serialHex: string
  /** The algorithm that the signed part names, and the one beside the signature. */
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly outerSignatureAlgorithm: AlgorithmIdentifier
  /** Names in DER, to compare, and in text, to show: escaped, one line, at most 512 characters. */
  readonly issuer: Buffer
  readonly issuerText: string
  readonly subject: Buffer
  readonly subjectText: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly publicKey: PublicKey
  readonly extensions: readonly Extension[]
  readonly basicConstraints?: { readonly isCa: boolean; readonly pathLength?: number }
  readonly keyUsage?: readonly KeyUsageName[]
  /** Object identifiers. */
  readonly extKeyUsage?: readonly string[]
  readonly subjectAltNames: readonly SubjectAltName[]
  readonly subjectKeyIdentifier?: Buffer
  readonly authorityKeyIdentifier?: Buffer
  /** What can be read in one way only and still is not written as the standards demand: some public roots do it. */
  readonly quirks: readonly FieldProblem[]
}

export interface AlgorithmIdentifier {
  readonly oid: string
  readonly raw: Buffer
  readonly parameters?: DerElement
}

export interface PublicKey {
  /** The SubjectPublicKeyInfo in DER. */
  readonly spki: Buffer
  readonly algorithm: AlgorithmIdentifier
  /** Contents of the bit string. */
  readonly key: Buffer
}

export interface Extension {
  readonly oid: string
  readonly isCritical: boolean
  /** DER of what stands inside the octet string. */
  readonly value: Buffer
}

/** Names are visible ASCII; addresses in text (RFC 5952). The kinds that we do not use are only counted as `other`. */
export interface SubjectAltName {
  readonly kind: 'uri' | 'dns' | 'ip' | 'email' | 'other'
  readonly value: string
}

/** In the order of their bits (RFC 5280 4.2.1.3). */
const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUsageName = (typeof keyUsageNames)[number]

/** Where something is wrong, in RFC 5280's words (`subjectAltName`), and what. Neither quotes the certificate. */
export interface FieldProblem {
  readonly field: string
  readonly says: string
}

/** Reads a certificate in DER. Never throws. */
export function parseCertificate(
  der: Uint8Array,
): { readonly certificate: Certificate } | { readonly problem: FieldProblem } {
  if (der.length > limits.certificateBytesMax) {
    return { problem: { field: 'certificate', says: `is longer than ${limits.certificateBytesMax} octets` } }
  }
  const read = readDer(der)
  if ('problem' in read)
    return { problem: { field: 'certificate', says: `at octet ${read.problem.at}: ${read.problem.says}` } }
  const problems: FieldProblem[] = []
  const certificate = certificateFrom(read.element, (field, says) => {
    problems.push({ field, says })
    return undefined
  })
  const [problem] = problems
  if (problem) return { problem }
  return certificate ? { certificate } : { problem: { field: 'certificate', says: 'is not a certificate' } }
}

/** Records a problem; the first one counts. */
export type Fail = (field: string, says: string) => undefined

function certificateFrom(element: DerElement, fail: Fail): Certificate | undefined {
  const signed = signedFrom(element)
  const tbs = signed?.tbs.tag === tags.sequence ? [...signed.tbs.children] : undefined
  if (!signed || !tbs) return fail('certificate', 'is not a sequence of contents, algorithm and signature')
  const version = tbs[0]?.tag === 0xa0 ? versionFrom(tbs.shift()) : 1
  if (!version) return fail('version', 'is not 1, 2 or 3 in its one encoding')
  const [serial, algorithm, issuer, validity, subject, spki, ...rest] = tbs
  if (serial?.tag !== tags.integer) return fail('serialNumber', 'is missing')
  const signatureAlgorithm = algorithmFrom(algorithm)
  if (!signatureAlgorithm) return fail('signature', 'is not an algorithm identifier')
  const issuerText = distinguishedNameText(issuer)
  if (!issuer || issuerText === undefined) return fail('issuer', 'is not a distinguished name in valid text')
  const times =
    validity?.tag === tags.sequence && validity.children.length === 2 ? validity.children.map(parseTime) : []
  const [notBefore, notAfter] = times
  if (!notBefore || !notAfter) return fail('validity', 'is not two times as RFC 5280 writes them')
  const subjectText = distinguishedNameText(subject)
  if (!subject || subjectText === undefined) return fail('subject', 'is not a distinguished name in valid text')
  const publicKey = publicKeyFrom(spki)
  if (!publicKey) return fail('subjectPublicKeyInfo', 'is not an algorithm and a key')
  const extensions = extensionsFrom(rest, version, fail)
  if (!extensions) return undefined
  const known = knownExtensions(extensions, fail)
  return {
    der: element.raw,
    version,
    serial: serial.contents,
    serialHex: serialHex(serial.contents),
    signatureAlgorithm,
    outerSignatureAlgorithm: signed.algorithm,
    issuer: issuer.raw,
    issuerText,
    subject: subject.raw,
    subjectText,
    notBeforeMs: notBefore.ms,
    notAfterMs: notAfter.ms,
    publicKey,
    extensions,
    ...known,
    quirks: [
      ...(notBefore.isRightForm && notAfter.isRightForm
        ? []
        : [{ field: 'validity', says: 'has a GeneralizedTime before 2050' }]),
      ...(hasPaddedKeyUsage(extensions) ? [{ field: 'keyUsage', says: 'has bits after the last that is set' }] : []),
    ],
  }
}

/** SIGNED of X.509: certificates and revocation lists alike. */
export function signedFrom(
  element: DerElement,
): { readonly tbs: DerElement; readonly algorithm: AlgorithmIdentifier; readonly signature: Buffer } | undefined {
  const [tbs, algorithmElement, signature, ...rest] = element.tag === tags.sequence ? element.children : []
  const algorithm = algorithmFrom(algorithmElement)
  if (!tbs || !algorithm || signature?.tag !== tags.bitString || signature.contents[0] !== 0 || rest.length > 0)
    return undefined
  return { tbs, algorithm, signature: signature.contents.subarray(1) }
}

/** Lower-case hexadecimal of an INTEGER's contents, without the octet that only keeps it positive. */
export function serialHex(contents: Buffer): string {
  return (contents.length > 1 && contents[0] === 0 ? contents.subarray(1) : contents).toString('hex')
}

function versionFrom(element: DerElement | undefined): 2 | 3 | undefined {
  const [number, ...rest] = element?.children ?? []
  if (number?.tag !== tags.integer || number.contents.length !== 1 || rest.length > 0) return undefined
  // 1 is the default, which DER leaves out.
  if (number.contents[0] === 1) return 2
  return number.contents[0] === 2 ? 3 : undefined
}

export function algorithmFrom(element: DerElement | undefined): AlgorithmIdentifier | undefined {
  const [oid, parameters, ...rest] = element?.tag === tags.sequence ? element.children : []
  if (!element || oid?.tag !== tags.objectIdentifier || rest.length > 0) return undefined
  return { oid: objectIdentifierText(oid.contents), raw: element.raw, ...(parameters ? { parameters } : {}) }
}

function publicKeyFrom(element: DerElement | undefined): PublicKey | undefined {
  const [algorithmElement, key, ...rest] = element?.tag === tags.sequence ? element.children : []
  const algorithm = algorithmFrom(algorithmElement)
  if (!element || !algorithm || key?.tag !== tags.bitString || key.contents[0] !== 0 || rest.length > 0)
    return undefined
  return { spki: element.raw, algorithm, key: key.contents.subarray(1) }
}

/** What follows the public key: two identifiers that nobody uses any more, and the extensions. */
function extensionsFrom(rest: readonly DerElement[], version: number, fail: Fail): readonly Extension[] | undefined {
  let last = 0x80
  let extensions: readonly Extension[] | undefined = []
  for (const { tag, children } of rest) {
    if (tag !== 0x81 && tag !== 0x82 && tag !== 0xa3) return fail('certificate', 'holds something that is not known')
    if (tag <= last) return fail('certificate', 'holds its parts in the wrong order')
    last = tag
    if (version === 1 || (tag === 0xa3 && version !== 3))
      return fail('version', 'is too low for what the certificate holds')
    if (tag === 0xa3) extensions = children.length === 1 ? extensionList(children[0]) : undefined
  }
  return extensions ?? fail('extensions', 'is not a sequence of extensions')
}

/** The extensions of a certificate, a revocation list or one of its entries. */
export function extensionList(list: DerElement | undefined): readonly Extension[] | undefined {
  if (list?.tag !== tags.sequence || list.children.length === 0) return undefined
  const extensions: Extension[] = []
  for (const { tag, children } of list.children) {
    const [oid, ...rest] = tag === tags.sequence ? children : []
    const flag = rest.length === 2 ? rest.shift() : undefined
    const [value, ...more] = rest
    // FALSE is the default, which DER leaves out.
    const isFlagGood = flag === undefined || (flag.tag === tags.boolean && flag.contents[0] === 0xff)
    if (oid?.tag !== tags.objectIdentifier || !isFlagGood || value?.tag !== tags.octetString || more.length > 0)
      return undefined
    extensions.push({ oid: objectIdentifierText(oid.contents), isCritical: flag !== undefined, value: value.contents })
  }
  return extensions
}

type KnownExtensions = Pick<
  Certificate,
  | 'basicConstraints'
  | 'keyUsage'
  | 'extKeyUsage'
  | 'subjectAltNames'
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
>

/** Of an extension that stands twice the first is read; the profile refuses such a certificate. */
function knownExtensions(extensions: readonly Extension[], fail: Fail): KnownExtensions {
  const known: { -readonly [name in keyof KnownExtensions]: KnownExtensions[name] } = { subjectAltNames: [] }
  const read = (oid: string, field: string): DerElement | undefined => {
    const extension = extensions.find((one) => one.oid === oid)
    if (!extension) return undefined
    const result = readDer(extension.value)
    return 'element' in result ? result.element : fail(field, `at octet ${result.problem.at}: ${result.problem.says}`)
  }
  const basic = read(oids.basicConstraints, 'basicConstraints')
  if (basic) {
    const constraints = basicConstraintsFrom(basic) ?? fail('basicConstraints', 'is not in its one encoding')
    if (constraints) known.basicConstraints = constraints
  }
  const usage = read(oids.keyUsage, 'keyUsage')
  if (usage) {
    const names =
      keyUsageFrom(usage) ?? fail('keyUsage', 'is not a bit string of known usages, at least one of them set')
    if (names) known.keyUsage = names
  }
  const extended = read(oids.extKeyUsage, 'extKeyUsage')
  if (extended) {
    const list = extKeyUsageFrom(extended) ?? fail('extKeyUsage', 'is not a sequence of object identifiers')
    if (list) known.extKeyUsage = list
  }
  const names = read(oids.subjectAltName, 'subjectAltName')
  if (names) known.subjectAltNames = subjectAltNamesFrom(names, fail) ?? []
  const subjectKey = read(oids.subjectKeyIdentifier, 'subjectKeyIdentifier')
  if (subjectKey) {
    if (subjectKey.tag !== tags.octetString) fail('subjectKeyIdentifier', 'is not an octet string')
    known.subjectKeyIdentifier = subjectKey.contents
  }
  const authorityKey = read(oids.authorityKeyIdentifier, 'authorityKeyIdentifier')
  if (authorityKey) {
    if (authorityKey.tag !== tags.sequence) fail('authorityKeyIdentifier', 'is not a sequence')
    const identifier = authorityKey.children.find(({ tag }) => tag === 0x80)
    if (identifier) known.authorityKeyIdentifier = identifier.contents
  }
  return known
}

function basicConstraintsFrom({ tag, children }: DerElement): Certificate['basicConstraints'] {
  if (tag !== tags.sequence) return undefined
  const rest = [...children]
  const flag = rest[0]?.tag === tags.boolean ? rest.shift() : undefined
  const length = rest[0]?.tag === tags.integer ? rest.shift() : undefined
  if (rest.length > 0 || (flag && flag.contents[0] !== 0xff)) return undefined
  if (!length) return { isCa: flag !== undefined }
  const isNumber = length.contents.length <= 2 && (length.contents[0] ?? 0x80) < 0x80
  return flag && isNumber
    ? { isCa: true, pathLength: length.contents.readUIntBE(0, length.contents.length) }
    : undefined
}

function keyUsageFrom({ tag, contents }: DerElement): readonly KeyUsageName[] | undefined {
  if (tag !== tags.bitString || contents.length < 2 || contents.length > 3) return undefined
  const bits = ((contents[1] ?? 0) << 8) | (contents[2] ?? 0)
  if (bits === 0 || (bits & 0x7f) !== 0) return undefined
  return keyUsageNames.filter((_, i) => (bits & (0x8000 >> i)) !== 0)
}

/** DER has no octets or bits after the last one that is set in a list of named bits. */
function hasPaddedKeyUsage(extensions: readonly Extension[]): boolean {
  const bits = extensions.find(({ oid }) => oid === oids.keyUsage)?.value
  return bits !== undefined && ((bits.at(-1) ?? 0) & (1 << (bits[2] ?? 0))) === 0
}

function extKeyUsageFrom({ tag, children }: DerElement): readonly string[] | undefined {
  if (tag !== tags.sequence || children.length === 0) return undefined
  if (children.some((child) => child.tag !== tags.objectIdentifier)) return undefined
  return children.map(({ contents }) => objectIdentifierText(contents))
}

function subjectAltNamesFrom(element: DerElement, fail: Fail): readonly SubjectAltName[] | undefined {
  const says = 'is not a sequence of names'
  if (element.tag !== tags.sequence || element.children.length === 0) return fail('subjectAltName', says)
  const names: SubjectAltName[] = []
  for (const { tag, contents } of element.children) {
    const kind = nameKinds[tag]
    if (!kind) return fail('subjectAltName', says)
    if (kind === 'ip' && contents.length !== 4 && contents.length !== 16)
      return fail('subjectAltName', 'holds an address that is neither of 4 nor of 16 octets')
    // RFC 5280 has IA5; a space or a control has no place in any of these names, and a NUL ends them for some readers.
    if (
      kind !== 'ip' &&
      kind !== 'other' &&
      (contents.length === 0 || contents.some((octet) => octet <= 0x20 || octet >= 0x7f))
    )
      return fail('subjectAltName', `holds a name (${kind}) that is empty or not in visible ASCII`)
    const value = kind === 'ip' ? ipText(contents) : kind === 'other' ? '' : contents.toString('latin1')
    names.push({ kind, value })
  }
  return names
}

const nameKinds: Readonly<Record<number, SubjectAltName['kind']>> = {
  160: 'other',
  129: 'email',
  130: 'dns',
  163: 'other',
  164: 'other',
  165: 'other',
  134: 'uri',
  135: 'ip',
  136: 'other',
}

/** Whether `issuer`'s key signed `certificate`. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return new X509Certificate(certificate.der).verify(new X509Certificate(issuer.der).publicKey)
  } catch {
    return false
  }
}
