import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const jwtInSource: Rule = {
  id: 'jwt-in-source',
  about: 'file',
  title: 'JSON Web Token is written in a file',
  severity: 'high',
  cwe: 798,
  explanation: `A signed token is written in the file: its header and its claims were decoded. Whoever has it is taken for its subject until it
expires. Tokens that have expired, that are unsigned, jwt.io's example and tokens for everybody (\`"role": "anon"\`) are not
reported.

**Fix.** Have it revoked, or the key changed that signed it, and fetch tokens when they are needed.`,
  examples: {
    bad: [
      {
        'scripts/sync.py':
          'TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJiaWxsaW5nIiwic3ViIjoic3luYyJ9.{{cohere-api-key}}"\n',
      },
    ],
    good: [
      { 'scripts/sync.py': 'TOKEN = fetch_token()\n' },
      { 'notes.txt': 'Tokens begin with eyJhbGciOiJIUzI1NiJ9 and have three parts.\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'jwt-in-source', (literal) => ({
      message: `A signed token is written in the file: ${literal.shown}.`,
      fix: `Have the token revoked, or the key changed that signed it, and fetch tokens when they are needed.`,
      mayReadInstead: true,
    }))
  },
}
