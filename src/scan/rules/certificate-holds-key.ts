import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const certificateHoldsKey: Rule = {
  id: 'certificate-holds-key',
  about: 'file',
  title: 'Certificate holds a key in one of its fields',
  severity: 'critical',
  cwe: 312,
  cap: { grade: 'D', reason: 'a key is in a certificate' },
  explanation: `A field of a certificate or of a request for one (subject, alternative name, extension) is a key. Certificates are public: they are
sent in clear before TLS 1.3, and published in the logs of certificate transparency.

**Fix.** Replace the key at its issuer, and have a certificate issued without it.`,
  examples: {
    bad: [{ 'client.cer': 'Subject: O=Billing, CN={{stripe-secret-key}}\n' }],
    good: [{ 'cert.pem': '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUc\n-----END CERTIFICATE-----\n' }],
  },
  check({ literals }) {
    return tellSecrets(literals, 'certificate-holds-key', (literal) => ({
      message: `A ${literal.title} stands in a field of the certificate: ${literal.shown}.`,
      fix: `Replace the key at its issuer, and have a certificate issued without it.`,
      mayReadInstead: false,
    }))
  },
}
