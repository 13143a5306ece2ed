import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const buildkiteApiToken: KeyKind = {
  id: 'buildkite-api-token',
  title: 'Buildkite API access token',
  use: 'travels',
  shape: { prefixes: ['bkua_'], pattern: /bkua_[0-9a-f]{40}/ },
  hosts: ['api.buildkite.com', 'graphql.buildkite.com'],
  carriers: [bearerCarrier],
  environment: ['BUILDKITE_API_TOKEN', 'BUILDKITE_TOKEN', 'BUILDKITE_API_ACCESS_TOKEN'],
  example: (random) => `bkua_${random.hex(40)}`,
  phantom: (random, like) => `bkua_${markedHex(random, like.length - 5)}`,
  documentation: 'https://buildkite.com/docs/apis/managing-api-tokens',
}
