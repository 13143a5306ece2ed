import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'
import { urlCarrier } from '../url-carrier.ts'

/** Of an incoming webhook or a workflow's: whoever knows the URL may post. */
export const slackWebhookUrl: KeyKind = {
  id: 'slack-webhook-url',
  title: 'Slack webhook URL',
  use: 'travels',
  shape: {
    prefixes: ['services', 'workflows', 'triggers'].map((path) => `https://hooks.slack.com/${path}/`),
    pattern:
      /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[TE][0-9A-Z]{6,14}\/[0-9A-Z]{6,20}\/(?:[0-9]{6,20}\/)?[0-9A-Za-z]{20,60}/,
  },
  hosts: ['hooks.slack.com'],
  carriers: [urlCarrier],
  environment: ['SLACK_WEBHOOK_URL', 'SLACK_WEBHOOK', 'SLACK_INCOMING_WEBHOOK_URL', 'SLACK_HOOK_URL'],
  example: (random) =>
    `https://hooks.slack.com/services/T${random.digits(10)}/B${random.digits(10)}/${random.base62(24)}`,
  phantom: (random, { prefix, length }) =>
    `${prefix}T00000000/B00000000/${markedBase62(random, length - prefix.length - 20)}`,
  documentation: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
}
