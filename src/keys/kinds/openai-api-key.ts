import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Fixed in the middle of every key: base64 of the issuer's name. */
const middle = 'T3BlbkFJ'

export const openaiApiKey: KeyKind = {
  id: 'openai-api-key',
  title: 'OpenAI API key',
  use: 'travels',
  shape: {
    prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-'],
    pattern: /sk-(?:(?:proj|svcacct|admin)-)?[0-9A-Za-z_-]{20,74}T3BlbkFJ[0-9A-Za-z_-]{20,74}/,
  },
  hosts: ['api.openai.com', '*.api.openai.com'],
  carriers: [bearerCarrier],
  environment: ['OPENAI_API_KEY', 'OPENAI_KEY', 'OPENAI_ACCESS_TOKEN'],
  baseUrls: [
    { variable: 'OPENAI_BASE_URL', path: '/v1' },
    { variable: 'OPENAI_API_BASE', path: '/v1' },
  ],
  example: (random) => `sk-proj-${random.base62(74)}${middle}${random.base62(74)}`,
  phantom(random, like) {
    const left = like.length - like.prefix.length - middle.length
    const first = Math.min(74, Math.max(20, Math.floor(left / 2)))
    return like.prefix + markedBase62(random, first) + middle + random.base62(Math.min(74, Math.max(20, left - first)))
  },
  documentation: 'https://platform.openai.com/docs/api-reference/authentication',
}
