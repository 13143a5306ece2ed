import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'

export const mailgunApiKey: KeyKind = {
  id: 'mailgun-api-key',
  title: 'Mailgun API key',
  use: 'travels',
  shape: { prefixes: ['key-'], pattern: /key-[0-9a-f]{32}/ },
  hosts: ['api.mailgun.net', 'api.eu.mailgun.net'],
  carriers: [basicCarrier('password')],
  environment: ['MAILGUN_API_KEY', 'MAILGUN_KEY', 'MAILGUN_SECRET'],
  example: (random) => `key-${random.hex(32)}`,
  phantom: (random) => `key-fa470000${random.hex(24)}`,
  documentation: 'https://documentation.mailgun.com/docs/mailgun/api-reference/authentication',
}
