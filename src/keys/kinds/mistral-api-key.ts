import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const mistralApiKey: KeyKind = {
  id: 'mistral-api-key',
  title: 'Mistral API key',
  use: 'travels',
  fits: /[0-9A-Za-z]{32}/,
  hosts: ['api.mistral.ai', 'codestral.mistral.ai'],
  carriers: [bearerCarrier],
  environment: ['MISTRAL_API_KEY', 'MISTRALAI_API_KEY', 'CODESTRAL_API_KEY'],
  example: (random) => random.base62(32),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://docs.mistral.ai/api/',
}
