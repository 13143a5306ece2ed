import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const replicateApiToken: KeyKind = {
  id: 'replicate-api-token',
  title: 'Replicate API token',
  use: 'travels',
  shape: { prefixes: ['r8_'], pattern: /r8_[0-9A-Za-z]{37}/ },
  hosts: ['api.replicate.com'],
  carriers: [bearerCarrier, headerCarrier('Authorization', 'Token ')],
  environment: ['REPLICATE_API_TOKEN', 'REPLICATE_API_KEY'],
  example: (random) => `r8_${random.base62(37)}`,
  phantom: (random, like) => `r8_${markedBase62(random, like.length - 3)}`,
  documentation: 'https://replicate.com/docs/topics/security/api-tokens',
}
