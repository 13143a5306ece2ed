import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const mailchimpApiKey: KeyKind = {
  id: 'mailchimp-api-key',
  title: 'Mailchimp API key',
  use: 'travels',
  fits: /[0-9a-f]{32}-us[0-9]{1,2}/,
  publicEnd: '-',
  hosts: ['*.api.mailchimp.com'],
  carriers: [basicCarrier('password'), bearerCarrier],
  environment: ['MAILCHIMP_API_KEY', 'MAILCHIMP_KEY', 'MAILCHIMP_MARKETING_API_KEY'],
  example: (random) => `${random.hex(32)}-us${random.from('123456789', 2)}`,
  // Libraries read the data centre, and so the host, from its end.
  phantom: (random, { length, end = '-us1' }) => markedHex(random, length - end.length) + end,
  documentation: 'https://mailchimp.com/developer/marketing/docs/fundamentals/',
}
