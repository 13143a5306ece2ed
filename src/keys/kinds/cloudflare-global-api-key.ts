import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedHex } from '../random.ts'

export const cloudflareGlobalApiKey: KeyKind = {
  id: 'cloudflare-global-api-key',
  title: 'Cloudflare global API key',
  use: 'travels',
  shape: { prefixes: ['cfk_'], pattern: /cfk_[0-9A-Za-z_-]{40}[0-9a-f]{8}/ },
  // A key of before 2026.
  fits: /[0-9a-f]{37,45}/,
  hosts: ['api.cloudflare.com'],
  carriers: [headerCarrier('X-Auth-Key')],
  environment: ['CLOUDFLARE_API_KEY', 'CF_API_KEY', 'CLOUDFLARE_GLOBAL_API_KEY', 'CF_GLOBAL_API_KEY'],
  baseUrls: [{ variable: 'CLOUDFLARE_BASE_URL', path: '/client/v4' }],
  example: (random) => `cfk_${random.base62(40)}${random.hex(8)}`,
  phantom: (random, like) =>
    like.prefix === ''
      ? markedHex(random, like.length)
      : `cfk_${markedBase62(random, like.length - 12)}${random.hex(8)}`,
  documentation: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
}
