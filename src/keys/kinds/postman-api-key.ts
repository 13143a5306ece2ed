import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const postmanApiKey: KeyKind = {
  id: 'postman-api-key',
  title: 'Postman API key',
  use: 'travels',
  shape: { prefixes: ['PMAK-'], pattern: /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/ },
  hosts: ['api.getpostman.com', 'api.postman.com'],
  carriers: [headerCarrier('X-API-Key')],
  environment: ['POSTMAN_API_KEY'],
  example: (random) => `PMAK-${random.hex(24)}-${random.hex(34)}`,
  phantom: (random) => `PMAK-${markedHex(random, 24)}-${random.hex(34)}`,
  documentation: 'https://learning.postman.com/docs/developer/postman-api/authentication/',
}
