import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const fireworksApiKey: KeyKind = {
  id: 'fireworks-api-key',
  title: 'Fireworks AI API key',
  use: 'travels',
  shape: { prefixes: ['fw_'], pattern: /fw_[0-9A-Za-z]{22,24}/ },
  hosts: ['api.fireworks.ai'],
  carriers: [bearerCarrier],
  environment: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'],
  example: (random) => `fw_${random.base62(22)}`,
  phantom: (random, like) => `fw_${markedBase62(random, like.length - 3)}`,
  documentation: 'https://docs.fireworks.ai/api-reference/introduction',
}
