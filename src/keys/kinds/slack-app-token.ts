import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const slackAppToken: KeyKind = {
  id: 'slack-app-token',
  title: 'Slack app-level token',
  use: 'travels',
  shape: { prefixes: ['xapp-'], pattern: /xapp-[0-9]-A[0-9A-Z]{6,14}-[0-9]{8,16}-[0-9a-f]{64}/ },
  hosts: ['slack.com'],
  carriers: [bearerCarrier],
  environment: ['SLACK_APP_TOKEN', 'SLACK_APP_LEVEL_TOKEN'],
  example: (random) => `xapp-1-A${random.digits(10)}-${random.digits(13)}-${random.hex(64)}`,
  phantom: (random, like) => `xapp-1-A0000000000-${'0'.repeat(Math.max(like.length - 84, 8))}-${markedHex(random, 64)}`,
  documentation: 'https://docs.slack.dev/authentication/tokens',
}
