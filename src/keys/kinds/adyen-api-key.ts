import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const adyenApiKey: KeyKind = {
  id: 'adyen-api-key',
  title: 'Adyen API key',
  use: 'travels',
  shape: {
    prefixes: ['AQE'],
    pattern: /AQE[0-9A-Za-z+/]{40,150}={0,2}-[0-9A-Za-z+/]{43}=-[!#-&(-~]{16}/,
  },
  // Every merchant has live hosts of its own, all of them the issuer's.
  hosts: ['checkout-test.adyen.com', '*.adyen.com', '*.adyenpayments.com'],
  carriers: [headerCarrier('X-API-Key')],
  environment: ['ADYEN_API_KEY', 'ADYEN_X_API_KEY', 'ADYEN_CHECKOUT_API_KEY'],
  example: (random) => `AQE${random.base62(92)}==-${random.base62(43)}=-${random.base62(16)}`,
  phantom: (random, like) => `AQE${markedBase62(random, like.length - 65)}-${random.base62(43)}=-${random.base62(16)}`,
  documentation: 'https://docs.adyen.com/development-resources/api-credentials',
}
