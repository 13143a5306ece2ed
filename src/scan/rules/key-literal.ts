import { maskSecret } from '../../finding/mask.ts'
import type { Rule } from '../rule.ts'

export const keyLiteral: Rule = {
  id: 'key-literal',
  title: 'API key is written in a file',
  severity: 'critical',
  cwe: 798,
  explanation: `A text in a file is a key, by its shape and, where the kind has one, by its checksum. Everybody who can read the repository,
a backup of it, a built image or a leaked archive has the key, and it stays in the history when the line is removed.

Placeholders, phantoms and the issuers' published examples are not reported.

**Fix.** Replace the key at its issuer first: it has to be taken as known. Then read it from the environment or a store, and
remove it from the history.`,
  examples: {
    bad: [
      "KEY = '{{stripe-secret-key}}'",
      { 'config.yml': 'github:\n  token: {{github-personal-token}}\n' },
      { '.env': 'SENDGRID_API_KEY={{sendgrid-api-key}}\n' },
      { 'README.md': 'Try it: `curl -H "Authorization: Bearer {{openai-api-key}}"`\n' },
      { 'deploy.json': '{ "slack": "{{slack-bot-token}}", "mailgun": "none" }\n' },
      { 'mailgun.ini': 'password = {{mailgun-api-key}}\n' },
    ],
    good: [
      "def key = ENV['STRIPE_API_KEY']",
      { 'README.md': 'export STRIPE_API_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n' },
      { '.env.example': 'GITHUB_TOKEN=ghp_your_token_here\n' },
    ],
  },
  *check({ literals }) {
    for (const { kind, file, start, end, test, supported } of literals) {
      const prefix = kind.shape?.prefixes.find((candidate) => file.text.startsWith(candidate, start)) ?? ''
      const shown = maskSecret(file.text.slice(start, end), prefix)
      const [variable = 'API_KEY'] = kind.environment
      yield {
        file,
        start,
        end,
        severity: test ? 'medium' : 'critical',
        confidence: supported ? 'certain' : 'tentative',
        message: `A ${kind.title}${test ? ' of test mode' : ''} is written in the file: ${shown}.`,
        fix: `Replace the key at its issuer (${kind.documentation}), then read it from the environment: ${variable}.`,
        identity: [kind.id, shown],
      }
    }
  },
}
