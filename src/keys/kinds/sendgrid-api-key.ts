import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const sendgridApiKey: KeyKind = {
  id: 'sendgrid-api-key',
  title: 'SendGrid API key',
  use: 'travels',
  shape: { prefixes: ['SG.'], pattern: /SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}/ },
  hosts: ['api.sendgrid.com', 'api.eu.sendgrid.com'],
  carriers: [bearerCarrier],
  environment: ['SENDGRID_API_KEY', 'SENDGRID_KEY', 'SENDGRID_PASSWORD'],
  example: (random) => `SG.${random.base62(22)}.${random.base62(43)}`,
  phantom: (random) => `SG.${markedBase62(random, 22)}.${random.base62(43)}`,
  documentation: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
}
