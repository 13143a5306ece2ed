import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const xaiApiKey: KeyKind = {
  id: 'xai-api-key',
  title: 'xAI API key',
  use: 'travels',
  shape: { prefixes: ['xai-'], pattern: /xai-[0-9A-Za-z]{80}/ },
  hosts: ['api.x.ai', '*.api.x.ai'],
  carriers: [bearerCarrier],
  environment: ['XAI_API_KEY', 'GROK_API_KEY'],
  example: (random) => `xai-${random.base62(80)}`,
  phantom: (random, like) => `xai-${markedBase62(random, like.length - 4)}`,
  documentation: 'https://docs.x.ai/docs/overview',
}
