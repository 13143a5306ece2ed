import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedHex } from '../random.ts'

export const togetherApiKey: KeyKind = {
  id: 'together-api-key',
  title: 'Together AI API key',
  use: 'travels',
  shape: { prefixes: ['tgp_v1_'], pattern: /tgp_v1_[0-9A-Za-z_-]{43}/ },
  fits: /[0-9a-f]{64}/,
  hosts: ['api.together.ai', 'api.together.xyz'],
  carriers: [bearerCarrier],
  environment: ['TOGETHER_API_KEY', 'TOGETHERAI_API_KEY', 'TOGETHER_AI_API_KEY'],
  baseUrls: [{ variable: 'TOGETHER_BASE_URL', path: '/v1' }],
  example: (random) => `tgp_v1_${random.base62(43)}`,
  phantom: (random, like) =>
    like.prefix === '' ? markedHex(random, like.length) : `tgp_v1_${markedBase62(random, like.length - 7)}`,
  documentation: 'https://docs.together.ai/reference/authentication',
}
