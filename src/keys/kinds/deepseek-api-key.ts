import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const deepseekApiKey: KeyKind = {
  id: 'deepseek-api-key',
  title: 'DeepSeek API key',
  use: 'travels',
  // Other issuers' keys look the same.
  fits: /sk-[0-9a-f]{32}/,
  hosts: ['api.deepseek.com'],
  carriers: [bearerCarrier],
  environment: ['DEEPSEEK_API_KEY', 'DEEPSEEK_KEY'],
  example: (random) => `sk-${random.hex(32)}`,
  phantom: (random, like) => `sk-${markedHex(random, like.length - 3)}`,
  documentation: 'https://api-docs.deepseek.com/',
}
