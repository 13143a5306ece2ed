import { variableOf } from '../literals/read-instead.ts'
import { tellSecrets } from '../literals/tell-secrets.ts'
import type { Rule } from '../rule.ts'

export const keyLiteral: Rule = {
  id: 'key-literal',
  about: 'file',
  title: 'API key is written in a file',
  severity: 'critical',
  cwe: 798,
  cap: { grade: 'D', reason: 'a key is written in the source' },
  explanation: `A text in a file is a key, by its shape and, where the kind has one, by its checksum; or by the name that it is given to and
its form, where the kind has no shape. Everybody who can read the repository,
a backup of it, a built image or a leaked archive has the key, and it stays in the history when the line is removed.

Placeholders, phantoms and the issuers' published examples are not reported.

**Fix.** Replace the key at its issuer first: it has to be taken as known. Then read it from the environment or a store, and
remove it from the history. A secret that no issuer has given (a database's password, a webhook secret, a private key) is
made anew where it is checked, and loaded from a store.`,
  examples: {
    bad: [
      "KEY = '{{stripe-secret-key}}'",
      { 'config.yml': 'github:\n  token: {{github-personal-token}}\n' },
      { '.env': 'SENDGRID_API_KEY={{sendgrid-api-key}}\n' },
      { 'README.md': 'Try it: `curl -H "Authorization: Bearer {{openai-api-key}}"`\n' },
      { 'deploy.json': '{ "slack": "{{slack-bot-token}}", "mailgun": "none" }\n' },
      { 'mailgun.ini': 'password = {{mailgun-api-key}}\n' },
      { 'hooks.py': 'stripe.Webhook.construct_event(body, signature, "{{stripe-webhook-secret}}")\n' },
      { 'config/secrets.yml': 'production:\n  secret_key_base: {{session-secret}}\n' },
      { 'docker-compose.yml': 'environment:\n  PLAID_SECRET: "{{plaid-secret}}"\n' },
    ],
    good: [
      "def key = ENV['STRIPE_API_KEY']",
      { 'README.md': 'export STRIPE_API_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n' },
      { '.env.example': 'GITHUB_TOKEN=ghp_your_token_here\n' },
      { '.env.example': 'PLAID_SECRET=your_plaid_secret\nSECRET_KEY_BASE=00000000000000000000000000000000\n' },
      { 'docker-compose.yml': 'DATABASE_URL: postgres://postgres:postgres@db:5432/app\n' },
      { 'config/deploy.rb': "set :stripe_key, ENV.fetch('STRIPE_KEY')\nset :note, 'sk_live_ is how they begin'\n" },
      {
        'test.env':
          'DATABASE_URL=mysql://app:4fRt8sKq0LmZ@localhost/app_test\nREDIS_URL=redis://:<password>@cache:6379\n',
      },
    ],
  },
  check({ literals }) {
    return tellSecrets(literals, 'key-literal', (literal) => {
      const { kind, title, test, shown } = literal
      const variable = variableOf(literal, 'API_KEY')
      const origin = kind?.documentation ?? ''
      return {
        message: `A ${title}${test ? ' of test mode' : ''} is written in the file: ${shown}.`,
        fix:
          kind?.use === 'stays'
            ? `Make a new one and put it in this one's place (${origin}), then load it from a store, or from the environment when the service starts: ${variable}.`
            : `Replace the key at its issuer (${origin}), then read it from the environment: ${variable}.`,
        mayReadInstead: true,
      }
    })
  },
}
