import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const slackUserToken: KeyKind = {
  id: 'slack-user-token',
  title: 'Slack user token',
  use: 'travels',
  shape: { prefixes: ['xoxp-'], pattern: /xoxp-[0-9]{8,16}-[0-9]{8,16}-[0-9]{8,16}-[0-9a-f]{32}/ },
  hosts: ['slack.com', 'files.slack.com'],
  carriers: [bearerCarrier],
  environment: ['SLACK_USER_TOKEN', 'SLACK_USER_OAUTH_TOKEN', 'SLACK_TOKEN', 'SLACK_API_TOKEN'],
  example: (random) => `xoxp-${random.digits(12)}-${random.digits(12)}-${random.digits(13)}-${random.hex(32)}`,
  phantom: (random, like) => {
    const digits = Math.max(like.length - 40, 24)
    const part = Math.floor(digits / 3)
    const zeros = [part, part, digits - 2 * part].map((length) => '0'.repeat(length))
    return `xoxp-${zeros.join('-')}-${markedHex(random, 32)}`
  },
  documentation: 'https://docs.slack.dev/authentication/tokens',
}
