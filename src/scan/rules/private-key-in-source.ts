import { tellSecrets } from '../literals/tell-secrets.ts'

import type { Rule } from '../rule.ts'

export const privateKeyInSource: Rule = {
  id: 'private-key-in-source',
  about: 'file',
  title: 'Private key is written in source or configuration',
  severity: 'critical',
  cwe: 321,
  cap: { grade: 'D', reason: 'a private key is written in the source' },
  explanation: `A private key stands among other texts: in code, in a configuration file, in an environment file in one line with \`\\n\`, as a
JWK. Whoever reads the source can be the one that the key stands for.

**Fix.** Make a new pair, revoke what the old one was good for, and load the key from a store, or from a file that is
mounted when the service starts.`,
  examples: {
    bad: [
      { 'app.rb': 'KEY = <<~PEM\n  {{private-key}}\nPEM\n' },
      { 'config/app.yml': 'signing:\n  key: |\n    {{private-key}}\n' },
    ],
    good: [
      {
        'app.rb':
          "KEY = File.read(ENV.fetch('TLS_KEY_FILE'))\nraise 'no key' unless KEY.include?('-----BEGIN PRIVATE KEY-----')\n",
      },
      { 'config/app.yml': 'signing:\n  key: "-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----"\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'private-key-in-source', (literal) => ({
      message: `A ${literal.title} is written in the file.`,
      fix: `Make a new pair, revoke what the old one was good for, and load the key from a store or a mounted file.`,
      mayReadInstead: false,
    }))
  },
}
