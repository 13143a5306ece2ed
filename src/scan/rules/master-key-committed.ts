import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const masterKeyCommitted: Rule = {
  id: 'master-key-committed',
  about: 'file',
  title: 'Master key of encrypted credentials is in the tree',
  severity: 'critical',
  cwe: 321,
  cap: { grade: 'D', reason: 'the key of encrypted credentials is in the tree' },
  explanation: `\`config/master.key\` or \`config/credentials/*.key\` opens the encrypted credentials that are committed beside it: together they are
as good as clear text.

**Fix.** Replace every credential in the encrypted file, make a new master key, ignore its file, and give it to the service as
\`RAILS_MASTER_KEY\`.`,
  examples: {
    bad: [{ 'config/master.key': '{{datadog-api-key}}\n' }],
    good: [{ 'config/credentials.yml.enc': '9fTz0q2bFk--Vq0J--aM2Q==\n' }],
  },
  check({ literals }) {
    return tellSecrets(literals, 'master-key-committed', (literal) => ({
      message: `The ${literal.title} is in the tree: ${literal.shown}.`,
      fix: `Replace every credential that it opens, make a new master key, ignore its file, and give it to the service as RAILS_MASTER_KEY.`,
      mayReadInstead: false,
    }))
  },
}
