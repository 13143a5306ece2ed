import { variableOf } from '../literals/read-instead.ts'
import { tellSecrets } from '../literals/tell-secrets.ts'
import type { Rule } from '../rule.ts'

export const genericSecret: Rule = {
  id: 'generic-secret',
  about: 'file',
  title: 'Password or token is written in a file',
  severity: 'high',
  cwe: 798,
  explanation: `A text that is given to a name of a secret (\`password\`, \`apiToken\`, \`CLIENT_SECRET\`) is one, by what it is made of: a random text, or
one that people make when they are told how a password should look. Looked for in code, configuration, notebooks, command
lines and headers. Placeholders, references to a store, digests, names and texts for people are not reported; a word that may
be a password is reported only where production is configured, and then as tentative.

**Fix.** Change the secret where it is checked, then load it from a store, or from the environment when the service starts.
It stays in the history when the line is removed.`,
  examples: {
    bad: [
      {
        'config/mail.yml':
          'production:\n  smtp:\n    host: smtp.internal.corp\n    user: mailer\n    password: Tr0ub4dor&3x\n',
      },
      { 'settings.py': 'PAYMENTS_TOKEN = "{{datadog-api-key}}"\n' },
      { 'config/ldap.production.ini': '[ldap]\nhost = ldap.internal.corp\nbind_password = hunter2\n' },
      { 'src/client.ts': "const client = connect({ apiSecret: '{{aws-secret-access-key}}' })\n" },
      { 'deploy.sh': 'curl -u deploy:Kx7!mQp2zR https://ci.internal.corp/start\n' },
      { Dockerfile: 'FROM ruby\nENV INTERNAL_API_TOKEN={{twilio-api-key-secret}}\n' },
      { 'app.config': '<add key="BillingPassword" value="gR7#kk2!pLmZ" />\n' },
    ],
    good: [
      {
        'config/mail.yml': `production:\n  password: <%= ENV["SMTP_PASSWORD"] %>\n  api_token: \${API_TOKEN}\n  secret: vault:secret/mail#password\n`,
      },
      { 'locales/de.yml': 'de:\n  password: Passwort\n  token: Zugangsschluessel\n' },
      {
        'src/form.ts':
          "const password = getPassword()\nconst token: string = params.token\nconst field = { type: 'password', name: 'new_password' }\n",
      },
      { 'config/database.yml': 'development:\n  host: localhost\n  username: app\n  password: hunter2\n' },
      { 'lib/credentials.rb': "def token = 'Svc-v1.9x!' + encoded(presigned_url)\npassword = 'aBcDe12345'\n" },
      { 'Gemfile.lock': '  token: 4fRt8sKq0LmZ4fRt8sKq0LmZ\n' },
      { '.env.example': 'SMTP_PASSWORD=changeme\nAPI_TOKEN=your-token-here\n' },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'generic-secret', (literal) => ({
      message: `A ${literal.title} is written in the file${literal.name === undefined ? '' : `, as ${literal.name}`}: ${literal.shown}.`,
      fix: `Change it where it is checked, then load it from a store, or from the environment when the service starts: ${variableOf(literal)}.`,
      mayReadInstead: true,
    }))
  },
}
