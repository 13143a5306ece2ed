import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const brevoApiKey: KeyKind = {
  id: 'brevo-api-key',
  title: 'Brevo API key',
  use: 'travels',
  shape: { prefixes: ['xkeysib-'], pattern: /xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}/ },
  hosts: ['api.brevo.com', 'api.sendinblue.com'],
  carriers: [headerCarrier('api-key')],
  environment: ['BREVO_API_KEY', 'SENDINBLUE_API_KEY', 'SIB_API_KEY'],
  example: (random) => `xkeysib-${random.hex(64)}-${random.base62(16)}`,
  phantom: (random) => `xkeysib-${markedHex(random, 64)}-${random.base62(16)}`,
  documentation: 'https://developers.brevo.com/docs/getting-started',
}
