import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const githubWebhookSecret: KeyKind = {
  id: 'github-webhook-secret',
  title: 'GitHub webhook secret',
  use: 'stays',
  fits: /[0-9a-f]{32,64}/,
  hosts: [],
  carriers: [],
  environment: ['GITHUB_WEBHOOK_SECRET', 'GITHUB_APP_WEBHOOK_SECRET', 'GH_WEBHOOK_SECRET'],
  example: (random) => random.hex(40),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
}
