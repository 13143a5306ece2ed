import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const openrouterApiKey: KeyKind = {
  id: 'openrouter-api-key',
  title: 'OpenRouter API key',
  use: 'travels',
  shape: { prefixes: ['sk-or-v1-'], pattern: /sk-or-v1-[0-9a-f]{64}/ },
  hosts: ['openrouter.ai'],
  carriers: [bearerCarrier],
  environment: ['OPENROUTER_API_KEY', 'OPENROUTER_KEY'],
  example: (random) => `sk-or-v1-${random.hex(64)}`,
  phantom: (random, like) => `sk-or-v1-${markedHex(random, like.length - 9)}`,
  documentation: 'https://openrouter.ai/docs/api/reference/authentication',
}
