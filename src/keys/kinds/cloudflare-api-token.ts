import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const cloudflareApiToken: KeyKind = {
  id: 'cloudflare-api-token',
  title: 'Cloudflare API token',
  use: 'travels',
  shape: { prefixes: ['cfut_', 'cfat_'], pattern: /cf[ua]t_[0-9A-Za-z_-]{40}[0-9a-f]{8}/ },
  // A token of before 2026: SDKs of that time check for this.
  fits: /[0-9A-Za-z_-]{40}/,
  hosts: ['api.cloudflare.com'],
  carriers: [bearerCarrier],
  environment: ['CLOUDFLARE_API_TOKEN', 'CF_API_TOKEN', 'CLOUDFLARE_TOKEN', 'CF_TOKEN', 'CF_DNS_API_TOKEN'],
  baseUrls: [
    { variable: 'CLOUDFLARE_BASE_URL', path: '/client/v4' },
    { variable: 'CLOUDFLARE_API_BASE_URL', path: '/client/v4' },
  ],
  example: (random) => `cfut_${random.base62(40)}${random.hex(8)}`,
  phantom: (random, like) =>
    like.prefix === ''
      ? markedBase62(random, like.length)
      : `${like.prefix}${markedBase62(random, like.length - like.prefix.length - 8)}${random.hex(8)}`,
  documentation: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
}
