import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const klaviyoPrivateKey: KeyKind = {
  id: 'klaviyo-private-key',
  title: 'Klaviyo private API key',
  use: 'travels',
  shape: { prefixes: ['pk_'], pattern: /pk_[0-9a-f]{34}/ },
  hosts: ['a.klaviyo.com'],
  carriers: [headerCarrier('Authorization', 'Klaviyo-API-Key ')],
  environment: ['KLAVIYO_PRIVATE_API_KEY', 'KLAVIYO_PRIVATE_KEY', 'KLAVIYO_API_KEY'],
  example: (random) => `pk_${random.hex(34)}`,
  phantom: (random, like) => `pk_${markedHex(random, like.length - 3)}`,
  documentation: 'https://developers.klaviyo.com/en/docs/authenticate_',
}
