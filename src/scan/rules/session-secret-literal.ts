import { variableOf } from '../literals/read-instead.ts'
import { tellSecrets } from '../literals/tell-secrets.ts'
import type { Rule } from '../rule.ts'

export const sessionSecretLiteral: Rule = {
  id: 'session-secret-literal',
  about: 'file',
  title: 'Session secret is written in configuration',
  severity: 'high',
  cwe: 798,
  explanation: `What signs sessions, cookies or tokens is a text in a configuration file: whoever reads it makes sessions of any user. A short one, or
a sentence, can also be found by trying.

**Fix.** Make a random one of 64 bytes (\`openssl rand -hex 64\`), and give it to the service when it starts.`,
  examples: {
    bad: [
      { 'config/app.production.yml': 'session_secret: s3ss10n-f0r-B1lling!\n' },
      { '.env': 'SESSION_SECRET=kd83hs-92jd7-XqPl2\n' },
    ],
    good: [
      { 'config/app.yml': 'session_secret: <%= ENV["SESSION_SECRET"] %>\n' },
      { '.env.example': 'SESSION_SECRET=change-me\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'session-secret-literal', (literal) => ({
      message: `A ${literal.title} is written in the file, as ${literal.name ?? 'a setting'}: ${literal.shown}.`,
      fix: `Make a random one of 64 bytes and give it to the service when it starts: ${variableOf(literal, 'SESSION_SECRET')}. Sessions of today end with it.`,
      mayReadInstead: true,
    }))
  },
}
