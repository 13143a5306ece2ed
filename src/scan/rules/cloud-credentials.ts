import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const cloudCredentials: Rule = {
  id: 'cloud-credentials',
  about: 'file',
  title: 'Pair of cloud credentials is written in a file',
  severity: 'critical',
  cwe: 798,
  cap: { grade: 'D', reason: 'a key is written in the source' },
  explanation: `An AWS secret access key stands beside the id that it belongs to: the pair signs requests as its user, from anywhere.

**Fix.** Deactivate the pair, look into CloudTrail for its use, and let the program take a role (instance profile, IRSA, OIDC)
instead of a pair.`,
  examples: {
    bad: [{ 'config/aws.yml': 'access_key_id: AKIAQ3EGRIZTYFQWN2PL\nsecret_access_key: {{aws-secret-access-key}}\n' }],
    good: [
      {
        'config/aws.yml':
          'access_key_id: AKIAIOSFODNN7EXAMPLE\nsecret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
      },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'cloud-credentials', (literal) => ({
      message: `An ${literal.title} is written in the file: ${literal.shown}.`,
      fix: `Deactivate the pair, look for its use, and let the program take a role instead.`,
      mayReadInstead: true,
    }))
  },
}
