import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const slackBotToken: KeyKind = {
  id: 'slack-bot-token',
  title: 'Slack bot token',
  use: 'travels',
  shape: { prefixes: ['xoxb-'], pattern: /xoxb-[0-9]{10,13}-[0-9]{10,13}-[0-9A-Za-z]{20,40}/ },
  hosts: ['slack.com', 'files.slack.com'],
  carriers: [bearerCarrier],
  environment: ['SLACK_BOT_TOKEN', 'SLACK_API_TOKEN', 'SLACK_TOKEN'],
  example: (random) => `xoxb-${random.digits(12)}-${random.digits(13)}-${random.base62(24)}`,
  phantom: (random, like) => `xoxb-000000000000-000000000000-${markedBase62(random, like.length - 31)}`,
  documentation: 'https://docs.slack.dev/authentication/tokens',
}
