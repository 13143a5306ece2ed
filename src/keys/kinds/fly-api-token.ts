import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const flyApiToken: KeyKind = {
  id: 'fly-api-token',
  title: 'Fly.io API token',
  use: 'travels',
  shape: {
    prefixes: ['fm2_', 'fo1_'],
    // Up to three tokens, with commas between them: one, and what others vouch for.
    pattern:
      /fm2_[0-9A-Za-z+/]{100,1500}={0,2}(?:,fm2_[0-9A-Za-z+/]{50,1500}={0,2})?(?:,fm2_[0-9A-Za-z+/]{50,1500}={0,2})?|fo1_[0-9A-Za-z_-]{43}/,
  },
  hosts: ['api.machines.dev', 'api.fly.io'],
  carriers: [bearerCarrier, headerCarrier('Authorization', 'FlyV1 ')],
  environment: ['FLY_API_TOKEN', 'FLY_ACCESS_TOKEN', 'FLY_TOKEN'],
  baseUrls: [{ variable: 'FLY_API_HOSTNAME', path: '' }],
  example: (random) => `fm2_${random.base62(200)}`,
  phantom: (random, like) => like.prefix + markedBase62(random, like.length - like.prefix.length),
  documentation: 'https://fly.io/docs/security/tokens/',
}
