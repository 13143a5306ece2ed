import { type Certificate, parseCertificate } from '../../identity/certificate.ts'
import { type Crl, parseCrl } from '../../identity/crl.ts'
import { splitPem } from '../../identity/pem.ts'
import { limits } from '../../limits.ts'
import { type SourceFile, sourceFile } from '../source-file.ts'
import type { Tree } from '../tree.ts'

interface Placed {
  readonly file: SourceFile
  /** Of the block's first line, in UTF-16 offsets; 0 in a file of bytes. */
  readonly start: number
  readonly end: number
}

/** One block of a file, or a file that is one in DER. */
export type CertificateObject = Placed &
  (
    | { readonly kind: 'certificate'; readonly certificate: Certificate }
    | { readonly kind: 'crl'; readonly crl: Crl }
    | { readonly kind: 'private key'; readonly pem: string; readonly isEncrypted: boolean }
    | { readonly kind: 'parameters'; readonly der: Buffer }
    | { readonly kind: 'unreadable'; readonly label: string; readonly says: string }
  )

export interface TreeCertificates {
  /** By path, in the order of the file. */
  readonly files: ReadonlyMap<string, readonly CertificateObject[]>
}

const names = /\.(?:pem|crt|cer|cert|der|crl|key|ca|ca-bundle|chain|dhparams?)$|(?:^|\/)dh(?:param)?s?\d{0,4}\.pem$/i
const known = new WeakMap<Tree, TreeCertificates>()

/** Certificates, revocation lists, parameters and private keys in files of the usual names. PKCS #7 is not read. */
export function treeCertificates(tree: Tree): TreeCertificates {
  const before = known.get(tree)
  if (before) return before
  const files = new Map<string, readonly CertificateObject[]>()
  for (const path of tree.paths) {
    const objects = names.test(path) ? objectsOf(tree, path) : []
    if (objects.length > 0) files.set(path, objects)
  }
  const found = { files }
  known.set(tree, found)
  return found
}

/** Those of one file, whatever its name. */
export function objectsOf(tree: Tree, path: string): readonly CertificateObject[] {
  const bytes = tree.bytes(path)
  if (!bytes || bytes.length > limits.certificateFileBytesMax) return []
  const file = tree.file(path)
  if (file?.text.includes('-----BEGIN ')) return pemObjects(file)
  const der = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return der[0] === 0x30 ? derObjects(file ?? emptyFile(path), der) : []
}

/** A file of bytes has no lines to show. */
export function emptyFile(path: string): SourceFile {
  return sourceFile(path, '', () => '')
}

function pemObjects(file: SourceFile): readonly CertificateObject[] {
  const { blocks, problems } = splitPem(file.text)
  const starts = lineStarts(file.text)
  const at = (line: number) => {
    const start = starts[line - 1] ?? 0
    const feed = file.text.indexOf('\n', start)
    const end = feed === -1 ? file.text.length : feed
    return { file, start, end: file.text[end - 1] === '\r' ? end - 1 : end }
  }
  const objects = blocks.map(({ label, der, pem, line }): CertificateObject => {
    const place = at(line)
    if (label.endsWith('PRIVATE KEY'))
      return {
        ...place,
        kind: 'private key',
        pem,
        isEncrypted: label.startsWith('ENCRYPTED') || pem.includes('ENCRYPTED'),
      }
    if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'TRUSTED CERTIFICATE') {
      const read = parseCertificate(der)
      return 'certificate' in read
        ? { ...place, kind: 'certificate', certificate: read.certificate }
        : { ...place, kind: 'unreadable', label, says: `${read.problem.field} ${read.problem.says}` }
    }
    if (label === 'X509 CRL') {
      const read = parseCrl(der)
      return 'crl' in read
        ? { ...place, kind: 'crl', crl: read.crl }
        : { ...place, kind: 'unreadable', label, says: `${read.problem.field} ${read.problem.says}` }
    }
    if (label === 'DH PARAMETERS') return { ...place, kind: 'parameters', der }
    return { ...place, kind: 'unreadable', label, says: 'is of a kind that is not read here' }
  })
  const broken = problems.map(
    ({ line, says }): CertificateObject => ({ ...at(line), kind: 'unreadable', label: '', says }),
  )
  return [...objects, ...broken].sort((a, b) => a.start - b.start)
}

function derObjects(file: SourceFile, der: Buffer): readonly CertificateObject[] {
  const place = { file, start: 0, end: 0 }
  const certificate = parseCertificate(der)
  if ('certificate' in certificate) return [{ ...place, kind: 'certificate', certificate: certificate.certificate }]
  const crl = parseCrl(der)
  return 'crl' in crl ? [{ ...place, kind: 'crl', crl: crl.crl }] : []
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\n' || (character === '\r' && text[at + 1] !== '\n')) starts.push(at + 1)
  }
  return starts
}

/** Whether a path is that of a test's or an example's material: everybody may have it. */
export function isTestMaterial(path: string): boolean {
  return /(?:^|\/)(?:tests?|specs?|fixtures?|testdata|test[-_]data|mocks?|__tests__|examples?|samples?)\//i.test(path)
}

/** Its subject as a message calls it, or its serial number. */
export function nameOf({ subjectText, serialHex }: Certificate): string {
  return subjectText === '' ? `the certificate of serial number ${serialHex}` : subjectText
}

export function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
