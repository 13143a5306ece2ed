import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Certificate } from '../identity/certificate.ts'
import { isCrlSignedBy, readCrls } from '../identity/crl.ts'
import { splitPem } from '../identity/pem.ts'
import { readCertificates } from '../identity/read-certificates.ts'
import { limits } from '../limits.ts'
import type { ConfigFiles } from './files.ts'

/** What was read of a file, or everything that is wrong with it; `notices` are doubtful and refused under `--strict`. */
export interface Checked<T> {
  readonly value?: T
  readonly problems: readonly string[]
  readonly notices: readonly string[]
}

export interface Authorities {
  readonly pem: string
  readonly certificates: readonly Certificate[]
}

/** The certificates of CAs; never none: TLS would then trust the public ones. */
export function readAuthorities(files: ConfigFiles, path: string, now: Date): Checked<Authorities> {
  const read = readPemCertificates(files, path)
  if (!read.value) return read as Checked<never>
  const { certificates } = read.value
  const problems: string[] = []
  const notices: string[] = []
  let isAnyInForce = false
  for (const [i, certificate] of certificates.entries()) {
    const which = nameOf(i, certificates)
    if (!certificate.basicConstraints?.isCa)
      problems.push(`${which} is not a CA's; name the certificate of the CA that issued it`)
    else if (certificate.notAfterMs < now.getTime())
      notices.push(`${which} expired on ${day(certificate.notAfterMs)}; remove it`)
    else if (certificate.notBeforeMs > now.getTime())
      notices.push(`${which} is valid only from ${day(certificate.notBeforeMs)}; check the clock, or remove it`)
    else isAnyInForce = true
  }
  if (problems.length === 0 && !isAnyInForce)
    return failed('no CA in it is in force now (expired, or not yet valid), so nobody could be admitted; renew it')
  return { value: read.value, problems, notices }
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
  const certificates = chain.value?.certificates ?? []
  const owner = key.value ? certificates.findIndex((certificate) => isKeyOf(key.value as KeyObject, certificate)) : 0
  if (owner > 0) problems.push(`belongs to certificate ${owner + 1} of the chain; put that one first`)
  if (owner < 0 && certificates.length > 0)
    problems.push('does not belong to the first certificate of the chain; name the pair that was issued together')
  const { value, ...said } = chain
  return {
    chain: { ...said, ...(value ? { value: value.pem } : {}) },
    key: { value: paths.key, problems, notices: key.notices },
  }
}

/** PEM of revocation lists, one element each. */
export function readRevocationLists(
  files: ConfigFiles,
  path: string,
  authorities: readonly Certificate[],
  now: Date,
): Checked<string[]> {
  const text = readPem(files, path)
  if ('problem' in text) return failed(text.problem)
  const { crls, problems: unreadable } = readCrls(text.pem)
  if (unreadable.length > 0)
    return {
      problems: unreadable.map((says) => `${says}; put the PEM of the revocation lists there, and nothing else`),
      notices: [],
    }
  const problems = crls.flatMap((crl) => {
    const which = `the list of ${crl.issuerText}`
    if (crl.nextUpdateMs < now.getTime())
      return [`${which} expired on ${day(crl.nextUpdateMs)}, so nobody could be admitted; renew it`]
    if (crl.thisUpdateMs > now.getTime())
      return [`${which} is valid only from ${day(crl.thisUpdateMs)}; check the clock`]
    // Where the CAs themselves could not be read there is nothing to compare with.
    const isOurs = authorities.length === 0 || authorities.some((authority) => isCrlSignedBy(crl, authority))
    return isOurs ? [] : [`${which} is signed by no CA of \`ca\`; name the list of a CA that stands there`]
  })
  return { value: splitPem(text.pem).blocks.map(({ pem }) => pem), problems, notices: [] }
}

function readChain(files: ConfigFiles, path: string, now: Date): Checked<Authorities> {
  const read = readPemCertificates(files, path)
  if (!read.value) return read
  const { certificates } = read.value
  if (certificates.length > limits.chainLengthMax)
    return failed(`holds ${certificates.length} certificates; a chain has at most ${limits.chainLengthMax}`)
  const problems = certificates.flatMap((certificate, i) => {
    const which = nameOf(i, certificates)
    const issuer = certificates[i + 1]
    return [
      ...(certificate.notAfterMs < now.getTime()
        ? [`${which} expired on ${day(certificate.notAfterMs)}; renew it`]
        : []),
      ...(certificate.notBeforeMs > now.getTime()
        ? [`${which} is valid only from ${day(certificate.notBeforeMs)}; check the clock, or issue it anew`]
        : []),
      ...(issuer && !issuer.subject.equals(certificate.issuer)
        ? [`${which} is not issued by the one after it; put the leaf first, then each issuer`]
        : []),
    ]
  })
  return { value: read.value, problems, notices: [] }
}

function readPemCertificates(files: ConfigFiles, path: string): Checked<Authorities> {
  const text = readPem(files, path)
  if ('problem' in text) return failed(text.problem)
  const { certificates, problems } = readCertificates(text.pem)
  if (problems.length > 0)
    return {
      problems: problems.map(({ line, says }) => `line ${line} ${says}; put PEM certificates there, and nothing else`),
      notices: [],
    }
  return {
    value: {
      pem: splitPem(text.pem)
        .blocks.map(({ pem }) => pem)
        .join(''),
      certificates,
    },
    problems: [],
    notices: [],
  }
}

function readPrivateKey(files: ConfigFiles, path: string): Checked<KeyObject> {
  const file = files.read(path, limits.certificateFileBytesMax)
  if ('problem' in file) return failed(file.problem)
  const { bytes, mode } = file
  const notices =
    (mode & 0o077) === 0 ? [] : [`may be read by others than its owner (mode ${octal(mode)}); chmod 600 it`]
  try {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return { value: createPrivateKey({ key, format: 'pem' }), problems: [], notices }
  } catch {
    const text = Buffer.from(bytes).toString('latin1')
    if (/ENCRYPTED/.test(text))
      return failed('is encrypted, and there is nobody to ask for its passphrase; store it without, mode 0600')
    return failed(
      /PRIVATE KEY-----/.test(text)
        ? 'could not be parsed; write the file anew'
        : 'holds no private key in PEM; name the file that does',
    )
  } finally {
    bytes.fill(0)
  }
}

function isKeyOf(key: KeyObject, { der }: Certificate): boolean {
  try {
    return new X509Certificate(der).checkPrivateKey(key)
  } catch {
    return false
  }
}

function readPem(files: ConfigFiles, path: string): { pem: string } | { problem: string } {
  const file = files.read(path, limits.certificateFileBytesMax)
  return 'problem' in file ? file : { pem: Buffer.from(file.bytes).toString('latin1') }
}

function nameOf(index: number, all: readonly Certificate[]): string {
  return all.length > 1 ? `certificate ${index + 1} of ${all.length}` : 'the certificate'
}

function failed(problem: string): Checked<never> {
  return { problems: [problem], notices: [] }
}

function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
