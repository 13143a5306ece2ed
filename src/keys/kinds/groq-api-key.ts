import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Fixed in the middle of every key: base64 of the issuer's name. */
const middle = 'WGdyb3FY'

export const groqApiKey: KeyKind = {
  id: 'groq-api-key',
  title: 'Groq API key',
  use: 'travels',
  shape: { prefixes: ['gsk_'], pattern: /gsk_[0-9A-Za-z]{20}WGdyb3FY[0-9A-Za-z]{24}/ },
  hosts: ['api.groq.com'],
  carriers: [bearerCarrier],
  environment: ['GROQ_API_KEY', 'GROQ_KEY'],
  baseUrls: [{ variable: 'GROQ_BASE_URL', path: '' }],
  example: (random) => `gsk_${random.base62(20)}${middle}${random.base62(24)}`,
  phantom: (random, like) => `gsk_${markedBase62(random, 20)}${middle}${random.base62(Math.max(like.length - 32, 0))}`,
  documentation: 'https://console.groq.com/docs/quickstart',
}
