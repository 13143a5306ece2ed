import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const tavilyApiKey: KeyKind = {
  id: 'tavily-api-key',
  title: 'Tavily API key',
  use: 'travels',
  shape: { prefixes: ['tvly-dev-', 'tvly-prod-', 'tvly-'], pattern: /tvly-(?:dev-|prod-)?[0-9A-Za-z_-]{32,60}/ },
  hosts: ['api.tavily.com'],
  carriers: [bearerCarrier],
  environment: ['TAVILY_API_KEY'],
  example: (random) => `tvly-dev-${random.base62(32)}`,
  phantom: (random, like) => like.prefix + markedBase62(random, like.length - like.prefix.length),
  documentation: 'https://docs.tavily.com/documentation/api-reference/introduction',
}
