import { isTestMaterial, nameOf, treeCertificates } from '../certificates/tree-certificates.ts'
import { weaknessOf } from '../certificates/weakness.ts'
import type { Rule } from '../rule.ts'

export const certificateWeak: Rule = {
  id: 'certificate-weak',
  about: 'tree',
  title: 'Certificate or parameters with too short a key or a broken signature',
  severity: 'medium',
  cwe: 326,
  explanation: `A certificate that is committed has an RSA key of less than 2,048 bits, a DSA key, a key on a curve of less than 224 bits, or a
signature made with MD5 or SHA-1, for which forgeries are known; or Diffie-Hellman parameters have a group of less than
2,048 bits. Public authorities have not issued such certificates for years: it comes from an authority of your own, whose
other certificates are then like it.

**Fix.** Issue it anew with a P-256 or Ed25519 key, or RSA of 2,048 bits or more, signed with SHA-256. Leave parameters out:
TLS 1.3 has groups of its own.`,
  examples: {
    bad: [
      { 'tls/server.pem': '{{certificate:short-key}}' },
      { 'tls/client.crt': '{{certificate:sha1}}' },
      { 'tls/dhparam.pem': '{{certificate:short-group}}' },
    ],
    good: [{ 'tls/server.pem': '{{certificate:server}}' }],
  },
  *check({ tree }) {
    for (const [path, objects] of treeCertificates(tree).files)
      for (const object of objects) {
        const says = isTestMaterial(path) ? undefined : weaknessOf(object)
        if (says === undefined) continue
        const { file, start, end } = object
        const what = object.kind === 'certificate' ? nameOf(object.certificate) : 'Diffie-Hellman parameters'
        yield {
          file,
          start,
          end,
          message: `${what}: ${says}.`,
          fix: 'Issue it anew with a P-256 or Ed25519 key and a SHA-256 signature.',
          identity: [what],
        }
      }
  },
}
