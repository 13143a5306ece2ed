import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const anthropicApiKey: KeyKind = {
  id: 'anthropic-api-key',
  title: 'Anthropic API key',
  use: 'travels',
  shape: {
    prefixes: ['sk-ant-api03-', 'sk-ant-admin01-', 'sk-ant-oat01-'],
    pattern: /sk-ant-(?:api|admin|oat)[0-9]{2}-[0-9A-Za-z_-]{93}AA/,
  },
  hosts: ['api.anthropic.com'],
  // Its libraries send a bearer today, and sent a field of its own before.
  carriers: [headerCarrier('X-Api-Key'), bearerCarrier],
  environment: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_ADMIN_API_KEY',
    'ANTHROPIC_ADMIN_KEY',
    'CLAUDE_API_KEY',
    'CLAUDE_CODE_OAUTH_TOKEN',
  ],
  baseUrls: [{ variable: 'ANTHROPIC_BASE_URL', path: '' }],
  example: (random) => `sk-ant-api03-${random.base62(93)}AA`,
  phantom: (random, like) => `${like.prefix}${markedBase62(random, like.length - like.prefix.length - 2)}AA`,
  documentation: 'https://platform.claude.com/docs/en/api/overview',
}
