import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const slackSigningSecret: KeyKind = {
  id: 'slack-signing-secret',
  title: 'Slack signing secret',
  use: 'stays',
  fits: /[0-9a-f]{32}/,
  hosts: [],
  carriers: [],
  environment: ['SLACK_SIGNING_SECRET', 'SLACK_APP_SIGNING_SECRET'],
  example: (random) => random.hex(32),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
}
