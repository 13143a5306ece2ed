import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { limits } from '../limits.ts'
import type { ConfigFiles } from './files.ts'

/** What was read of a file, or everything that is wrong with it; `notices` are doubtful and refused under `--strict`. */
export interface Checked<T> {
  readonly value?: T
  readonly problems: readonly string[]
  readonly notices: readonly string[]
}

/** PEM of the certificates of CAs; never empty: TLS would then trust the public ones. */
export function readAuthorities(files: ConfigFiles, path: string, now: Date): Checked<string> {
  const text = readPem(files, path)
  if ('problem' in text) return failed(text.problem)
  if (holdsPrivateKey(text.pem))
    return failed(`holds a private key, which has no place beside the certificates; remove it`)
  const blocks = pemBlocks(text.pem, 'CERTIFICATE')
  if (blocks.length === 0)
    return failed('holds no certificate, so nobody could be checked against it; put the PEM of the CA there')
  const problems: string[] = []
  const notices: string[] = []
  let isAnyValid = false
  for (const [i, block] of blocks.entries()) {
    const certificate = parseCertificate(block)
    const which = blocks.length > 1 ? `certificate ${i + 1} of ${blocks.length} ` : 'the certificate '
    if (!certificate) problems.push(`${which}could not be parsed; write the file anew`)
    else if (!certificate.ca) problems.push(`${which}is not a CA's; name the certificate of the CA that issued it`)
    else if (certificate.validToDate < now)
      notices.push(`${which}expired on ${day(certificate.validToDate)}; remove it`)
    else isAnyValid = true
  }
  if (problems.length === 0 && !isAnyValid)
    return failed('every CA in it has expired, so nobody could be admitted; renew it')
  return { value: blocks.join(''), problems, notices }
}

/** A chain, leaf first, and the private key of the leaf, of which only the path is kept. */
export function readCertificate(
  files: ConfigFiles,
  paths: { readonly chain: string; readonly key: string },
  now: Date,
): { chain: Checked<string>; key: Checked<string> } {
  const chain = readChain(files, paths.chain, now)
  const key = readPrivateKey(files, paths.key)
  const problems = [...key.problems]
  if (key.value && chain.certificates[0] && !chain.certificates[0].checkPrivateKey(key.value)) {
    const belongsTo = chain.certificates.findIndex((certificate) => certificate.checkPrivateKey(key.value as KeyObject))
    problems.push(
      belongsTo > 0
        ? `belongs to certificate ${belongsTo + 1} of the chain; put that one first`
        : 'does not belong to the first certificate of the chain; name the pair that was issued together',
    )
  }
  return { chain, key: { value: paths.key, problems, notices: key.notices } }
}

/** PEM of revocation lists, one element each. */
export function readRevocationLists(files: ConfigFiles, path: string): Checked<string[]> {
  const text = readPem(files, path)
  if ('problem' in text) return failed(text.problem)
  const blocks = pemBlocks(text.pem, 'X509 CRL')
  if (blocks.length === 0)
    return failed('holds no revocation list, so nobody would count as revoked; put the PEM of the CRL there')
  const problems = blocks.flatMap((block, i) =>
    isRevocationList(block)
      ? []
      : [`revocation list ${i + 1} of ${blocks.length} could not be parsed; write the file anew`],
  )
  return { value: blocks, problems, notices: [] }
}

function readChain(files: ConfigFiles, path: string, now: Date): Checked<string> & { certificates: X509Certificate[] } {
  const text = readPem(files, path)
  if ('problem' in text) return { ...failed(text.problem), certificates: [] }
  if (holdsPrivateKey(text.pem))
    return { ...failed('holds a private key as well; keep that in a file of its own with mode 0600'), certificates: [] }
  const blocks = pemBlocks(text.pem, 'CERTIFICATE')
  if (blocks.length === 0)
    return { ...failed('holds no certificate; put the PEM of the certificate there, leaf first'), certificates: [] }
  if (blocks.length > limits.chainLengthMax)
    return {
      ...failed(`holds ${blocks.length} certificates; a chain has at most ${limits.chainLengthMax}`),
      certificates: [],
    }
  const problems: string[] = []
  const certificates: X509Certificate[] = []
  for (const [i, block] of blocks.entries()) {
    const which = blocks.length > 1 ? `certificate ${i + 1} of ${blocks.length} ` : 'the certificate '
    const certificate = parseCertificate(block)
    if (!certificate) problems.push(`${which}could not be parsed; write the file anew`)
    else {
      certificates.push(certificate)
      if (certificate.validToDate < now) problems.push(`${which}expired on ${day(certificate.validToDate)}; renew it`)
      if (certificate.validFromDate > now)
        problems.push(`${which}is valid only from ${day(certificate.validFromDate)}; check the clock, or issue it anew`)
    }
  }
  return { value: blocks.join(''), problems, notices: [], certificates: problems.length > 0 ? [] : certificates }
}

function readPrivateKey(files: ConfigFiles, path: string): Checked<KeyObject> {
  const file = files.read(path, limits.certificateFileBytesMax)
  if ('problem' in file) return failed(file.problem)
  const notices =
    (file.mode & 0o077) === 0 ? [] : [`may be read by others than its owner (mode ${octal(file.mode)}); chmod 600 it`]
  try {
    return {
      value: createPrivateKey({
        key: Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length),
        format: 'pem',
      }),
      problems: [],
      notices,
    }
  } catch {
    const text = Buffer.from(file.bytes).toString('latin1')
    if (/ENCRYPTED/.test(text))
      return failed('is encrypted, and there is nobody to ask for its passphrase; store it without, mode 0600')
    return failed(
      /PRIVATE KEY-----/.test(text)
        ? 'could not be parsed; write the file anew'
        : 'holds no private key in PEM; name the file that does',
    )
  } finally {
    file.bytes.fill(0)
  }
}

function readPem(files: ConfigFiles, path: string): { pem: string } | { problem: string } {
  const file = files.read(path, limits.certificateFileBytesMax)
  return 'problem' in file ? file : { pem: Buffer.from(file.bytes).toString('latin1') }
}

/** The complete blocks with this label (RFC 7468), each ending with a line break. */
function pemBlocks(text: string, label: string): string[] {
  const pattern = new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]+-----END ${label}-----`, 'g')
  return (text.match(pattern) ?? []).map((block) => `${block}\n`)
}

function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function isRevocationList(pem: string): boolean {
  try {
    createSecureContext({ crl: pem })
    return true
  } catch {
    return false
  }
}

function failed(problem: string): Checked<never> {
  return { problems: [problem], notices: [] }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
