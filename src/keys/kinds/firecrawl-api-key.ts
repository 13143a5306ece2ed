import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const firecrawlApiKey: KeyKind = {
  id: 'firecrawl-api-key',
  title: 'Firecrawl API key',
  use: 'travels',
  shape: { prefixes: ['fc-'], pattern: /fc-[0-9a-f]{32}/ },
  hosts: ['api.firecrawl.dev'],
  carriers: [bearerCarrier],
  environment: ['FIRECRAWL_API_KEY'],
  baseUrls: [{ variable: 'FIRECRAWL_API_URL', path: '' }],
  example: (random) => `fc-${random.hex(32)}`,
  phantom: (random, like) => `fc-${markedHex(random, like.length - 3)}`,
  documentation: 'https://docs.firecrawl.dev/api-reference/introduction',
}
