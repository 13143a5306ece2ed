import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const cerebrasApiKey: KeyKind = {
  id: 'cerebras-api-key',
  title: 'Cerebras API key',
  use: 'travels',
  shape: { prefixes: ['csk-'], pattern: /csk-[0-9A-Za-z]{48}/ },
  hosts: ['api.cerebras.ai'],
  carriers: [bearerCarrier],
  environment: ['CEREBRAS_API_KEY'],
  baseUrls: [{ variable: 'CEREBRAS_BASE_URL', path: '' }],
  example: (random) => `csk-${random.base62(48)}`,
  phantom: (random, like) => `csk-${markedBase62(random, like.length - 4)}`,
  documentation: 'https://inference-docs.cerebras.ai/quickstart',
}
