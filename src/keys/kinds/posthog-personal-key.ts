import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const posthogPersonalKey: KeyKind = {
  id: 'posthog-personal-key',
  title: 'PostHog personal API key',
  use: 'travels',
  shape: { prefixes: ['phx_'], pattern: /phx_[0-9A-Za-z]{40,52}/ },
  hosts: ['us.posthog.com', 'eu.posthog.com', 'app.posthog.com'],
  carriers: [bearerCarrier],
  environment: ['POSTHOG_PERSONAL_API_KEY', 'POSTHOG_CLI_API_KEY'],
  baseUrls: [{ variable: 'POSTHOG_HOST', path: '' }],
  example: (random) => `phx_${random.base62(47)}`,
  phantom: (random, like) => `phx_${markedBase62(random, like.length - 4)}`,
  documentation: 'https://posthog.com/docs/api#personal-api-keys',
}
