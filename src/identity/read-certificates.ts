import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { limits } from '../limits.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import { type PemProblem, splitPem } from './pem.ts'

export interface ReadCertificates {
  /** In the order of the file, each with the line that it begins on. */
  readonly certificates: readonly (Certificate & { readonly line: number })[]
  /** When there is one, nothing of the file may be used. */
  readonly problems: readonly PemProblem[]
}

/**
 * The certificates of a PEM file. A file without one is a problem, because TLS libraries fall back to the public roots
 * for an empty bundle; so is a private key beside them, and any other block.
 */
export function readCertificates(pem: string): ReadCertificates {
  const { blocks, problems: split } = splitPem(pem)
  const problems = [...split]
  const certificates: (Certificate & { line: number })[] = []
  for (const { label, der, line } of blocks) {
    if (label.endsWith('PRIVATE KEY'))
      problems.push({ line, says: 'begins a private key, which has no place beside certificates' })
    else if (label !== 'CERTIFICATE') problems.push({ line, says: 'begins a block that is no certificate' })
    else {
      const read = parseCertificate(der)
      if ('certificate' in read) certificates.push({ ...read.certificate, line })
      else
        problems.push({
          line,
          says: `begins a certificate that cannot be read: ${read.problem.field} ${read.problem.says}`,
        })
    }
  }
  if (certificates.length === 0 && problems.length === 0)
    problems.push({ line: 1, says: 'begins a file without a certificate' })
  return { certificates, problems }
}

/** What is wrong with a server's or client's own chain (leaf first) and its private key, beyond reading them. */
export function ownCertificateProblems(
  chain: readonly Certificate[],
  privateKeyPem: Uint8Array,
  now: Date,
): readonly string[] {
  const [leaf] = chain
  if (!leaf) return ['the chain is empty']
  const problems: string[] = []
  if (chain.length > limits.chainLengthMax)
    problems.push(`the chain has more than ${limits.chainLengthMax} certificates`)
  for (const [i, certificate] of chain.entries()) {
    const which = `certificate ${i + 1} (${certificate.subjectText || certificate.serialHex})`
    if (now.getTime() > certificate.notAfterMs) problems.push(`${which} has expired`)
    if (now.getTime() < certificate.notBeforeMs) problems.push(`${which} is not valid yet`)
    const issuer = chain[i + 1]
    if (issuer && !issuer.subject.equals(certificate.issuer))
      problems.push(`${which} is not issued by the one after it`)
  }
  const key = privateKeyFrom(privateKeyPem)
  if (!key) problems.push('the private key cannot be read (it must be PEM, and not encrypted)')
  else if (!new X509Certificate(leaf.der).checkPrivateKey(key))
    problems.push('the private key is not the first certificate’s')
  return problems
}

function privateKeyFrom(pem: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength), format: 'pem' })
  } catch {
    return undefined
  }
}
