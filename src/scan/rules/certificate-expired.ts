import { certificateUses } from '../certificates/certificate-uses.ts'
import { dateText, isTestMaterial, nameOf, treeCertificates } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'

/** A file with more is a copy of the public roots: what has expired in it is for whoever publishes it. */
const bundleMax = 20

export const certificateExpired: Rule = {
  id: 'certificate-expired',
  about: 'tree',
  title: 'Certificate in the repository is not valid today',
  severity: 'low',
  cwe: 298,
  explanation: `A certificate that is committed has expired, or is not valid yet. What shows it is refused by every client that checks; where it
goes on working, somebody has turned the check off. Where a listener's configuration names it, that is told as worse. Bundles
of public roots and material of tests are not told.

**Fix.** Issue a new one, and let it be renewed by what issues it instead of by hand: certificates do not belong into a
repository.`,
  examples: {
    bad: [{ 'tls/server.pem': '{{certificate:expired}}' }, { 'tls/server.crt': '{{certificate:from-the-future}}' }],
    good: [{ 'tls/server.pem': '{{certificate:server}}' }, { 'spec/fixtures/old.pem': '{{certificate:expired}}' }],
  },
  *check({ tree, listeners, now }) {
    const uses = certificateUses(tree, listeners)
    const used = new Set([...uses.authorities, ...uses.servers].map(({ path }) => path))
    for (const [path, objects] of treeCertificates(tree).files) {
      if (isTestMaterial(path) || (objects.length > bundleMax && !used.has(path))) continue
      for (const object of objects) {
        if (object.kind !== 'certificate') continue
        const { notBeforeMs, notAfterMs, serialHex } = object.certificate
        const isPast = now.getTime() > notAfterMs
        if (!isPast && now.getTime() >= notBeforeMs) continue
        yield {
          file: object.file,
          start: object.start,
          end: object.end,
          severity: used.has(path) ? 'medium' : 'low',
          message: isPast
            ? `${nameOf(object.certificate)} expired on ${dateText(notAfterMs)}.`
            : `${nameOf(object.certificate)} is not valid before ${dateText(notBeforeMs)}.`,
          fix: 'Issue a new certificate, and let its issuer renew it.',
          identity: [serialHex],
        }
      }
    }
  },
}
