import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const mailgunApiKey: KeyKind = {
  id: 'mailgun-api-key',
  title: 'Mailgun API key',
  use: 'travels',
  shape: { prefixes: ['key-'], pattern: /key-[0-9a-f]{32}/ },
  // Keys of today.
  fits: /[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}/,
  hosts: ['api.mailgun.net', 'api.eu.mailgun.net'],
  carriers: [basicCarrier('password')],
  environment: ['MAILGUN_API_KEY', 'MAILGUN_KEY', 'MAILGUN_SECRET'],
  example: (random) => `key-${random.hex(32)}`,
  phantom: (random, like) =>
    like.prefix === ''
      ? `${markedHex(random, 32)}-${random.hex(8)}-${random.hex(8)}`
      : `key-${markedHex(random, like.length - 4)}`,
  documentation: 'https://documentation.mailgun.com/docs/mailgun/api-reference/authentication',
}
