import { ownedCertificates } from '../certificates/key-owners.ts'
import { isTestMaterial, nameOf, treeCertificates } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'

export const authorityKeyInRepository: Rule = {
  id: 'authority-key-in-repository',
  about: 'tree',
  title: 'Private key of a certificate authority is in the repository',
  severity: 'critical',
  cwe: 321,
  explanation: `A certificate of an authority is committed, and its private key, not encrypted, is too. Whoever reads the repository makes
certificates of any name that this authority's servers and clients believe: it is worth more than every key that it signed
for. The key's file itself is told as a private key in a file; this says whose it is.

**Fix.** Make a new authority whose key is kept offline or in a store, issue all certificates anew, and take the old one out of
every list of trusted authorities. Removing the file is not enough: the history keeps it.`,
  examples: {
    bad: [{ 'tls/ca.pem': '{{certificate:authority}}', 'tls/ca.key': '{{certificate:authority-key}}' }],
    good: [{ 'tls/ca.pem': '{{certificate:authority}}' }],
  },
  *check({ tree }) {
    for (const { certificate, key } of ownedCertificates(treeCertificates(tree))) {
      const { basicConstraints, keyUsage, serialHex } = certificate.certificate
      if (!basicConstraints?.isCa && !keyUsage?.includes('keyCertSign')) continue
      if (isTestMaterial(certificate.file.path) || isTestMaterial(key.file.path)) continue
      yield {
        file: certificate.file,
        start: certificate.start,
        end: certificate.end,
        message: `The private key of the authority ${nameOf(certificate.certificate)} is committed: ${key.file.path}.`,
        fix: 'Make a new authority with its key in a store, issue its certificates anew, and distrust this one.',
        evidence: [`${key.file.path}:${key.file.place(key.start, key.end).line}`],
        identity: [serialHex],
      }
    }
  },
}
