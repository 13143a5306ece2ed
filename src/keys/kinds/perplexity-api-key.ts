import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const perplexityApiKey: KeyKind = {
  id: 'perplexity-api-key',
  title: 'Perplexity API key',
  use: 'travels',
  shape: { prefixes: ['pplx-'], pattern: /pplx-[0-9A-Za-z]{48}/ },
  hosts: ['api.perplexity.ai'],
  carriers: [bearerCarrier],
  environment: ['PERPLEXITY_API_KEY', 'PPLX_API_KEY', 'PERPLEXITYAI_API_KEY'],
  baseUrls: [{ variable: 'PERPLEXITY_BASE_URL', path: '' }],
  example: (random) => `pplx-${random.base62(48)}`,
  phantom: (random, like) => `pplx-${markedBase62(random, like.length - 5)}`,
  documentation: 'https://docs.perplexity.ai/',
}
