import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const rubygemsApiKey: KeyKind = {
  id: 'rubygems-api-key',
  title: 'RubyGems API key',
  use: 'travels',
  shape: { prefixes: ['rubygems_'], pattern: /rubygems_[0-9a-f]{48}/ },
  hosts: ['rubygems.org'],
  carriers: [headerCarrier('Authorization')],
  environment: ['GEM_HOST_API_KEY', 'RUBYGEMS_API_KEY', 'RUBYGEMS_AUTH_TOKEN'],
  baseUrls: [{ variable: 'RUBYGEMS_HOST', path: '' }],
  example: (random) => `rubygems_${random.hex(48)}`,
  phantom: (random, like) => `rubygems_${markedHex(random, like.length - 9)}`,
  documentation: 'https://guides.rubygems.org/api-key-scopes/',
}
