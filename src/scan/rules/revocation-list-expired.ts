import { dateText, isTestMaterial, treeCertificates } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'

export const revocationListExpired: Rule = {
  id: 'revocation-list-expired',
  about: 'tree',
  title: 'Revocation list in the repository is stale',
  severity: 'medium',
  cwe: 299,
  explanation: `A certificate revocation list that is committed is past its \`nextUpdate\`. Servers that check it refuse every client from then
on, so that somebody turns the check off; those that do not look at the date go on with a list that knows nothing of what
was revoked since. A list in a repository is stale from the day after the first revocation.

**Fix.** Fetch the list from its issuer on a schedule, shorter than the time to its nextUpdate, and reload the server.`,
  examples: {
    bad: [{ 'tls/clients.crl': '{{certificate:stale-list}}' }],
    good: [{ 'tls/clients.crl': '{{certificate:list}}' }],
  },
  *check({ tree, now }) {
    for (const [path, objects] of treeCertificates(tree).files)
      for (const object of objects) {
        if (isTestMaterial(path) || object.kind !== 'crl' || now.getTime() <= object.crl.nextUpdateMs) continue
        const { file, start, end, crl } = object
        yield {
          file,
          start,
          end,
          message: `The list of ${crl.issuerText} should have been renewed by ${dateText(crl.nextUpdateMs)}.`,
          fix: 'Fetch it from its issuer on a schedule, and reload the server.',
          identity: [crl.issuerText],
        }
      }
  },
}
