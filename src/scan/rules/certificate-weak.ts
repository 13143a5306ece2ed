import { type CertificateObject, isTestMaterial, nameOf, treeCertificates } from '../certificates/tree-certificates.ts'
import { weaknessOf } from '../certificates/weakness.ts'
import type { Problem, Rule } from '../rule.ts'

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
    for (const [path, objects] of treeCertificates(tree).files) {
      const weak = isTestMaterial(path) ? [] : objects.flatMap(weakOf)
      const [first] = weak
      if (first && objects.length >= bundleMin) yield bundleProblem(first, weak.length, objects.length)
      else yield* weak.map(({ object, what, says }) => problemOf(object, what, `${what}: ${says}.`))
    }
  },
}

/** So many certificates in one file are a bundle of authorities that somebody else has put together. */
const bundleMin = 16

interface Weak {
  readonly object: CertificateObject
  readonly what: string
  readonly says: string
}

function weakOf(object: CertificateObject): Weak[] {
  const says = weaknessOf(object)
  const what = object.kind === 'certificate' ? nameOf(object.certificate) : 'Diffie-Hellman parameters'
  return says === undefined ? [] : [{ object, what, says }]
}

function problemOf({ file, start, end }: CertificateObject, what: string, message: string): Problem {
  const fix = 'Issue it anew with a P-256 or Ed25519 key and a SHA-256 signature.'
  return { file, start, end, message, fix, identity: [what] }
}

function bundleProblem({ object, what, says }: Weak, weak: number, all: number): Problem {
  const more = weak > 1 ? `, and ${weak - 1} more of the bundle's ${all} authorities are like it` : ''
  return {
    ...problemOf(object, 'bundle', `${what}: ${says}${more}.`),
    fix: 'Trust a current bundle, as the system has one: the authorities in this one have been given up for years.',
  }
}
