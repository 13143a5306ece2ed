import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedHex } from '../random.ts'

export const linearApiKey: KeyKind = {
  id: 'linear-api-key',
  title: 'Linear API key',
  use: 'travels',
  shape: { prefixes: ['lin_api_', 'lin_oauth_'], pattern: /lin_api_[0-9A-Za-z]{40}|lin_oauth_[0-9a-f]{64}/ },
  hosts: ['api.linear.app', 'uploads.linear.app'],
  // A key stands alone in its field, an app's token is a bearer.
  carriers: [headerCarrier('Authorization'), bearerCarrier],
  environment: ['LINEAR_API_KEY', 'LINEAR_API_TOKEN', 'LINEAR_TOKEN', 'LINEAR_ACCESS_TOKEN'],
  example: (random) => `lin_api_${random.base62(40)}`,
  phantom: (random, like) =>
    like.prefix === 'lin_oauth_'
      ? like.prefix + markedHex(random, like.length - like.prefix.length)
      : like.prefix + markedBase62(random, like.length - like.prefix.length),
  documentation: 'https://linear.app/developers/graphql',
}
