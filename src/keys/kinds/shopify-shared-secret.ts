import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

/** Checks webhooks and sessions; once a shop is asked for an access token with it. */
export const shopifySharedSecret: KeyKind = {
  id: 'shopify-shared-secret',
  title: 'Shopify app secret',
  use: 'stays',
  shape: { prefixes: ['shpss_'], pattern: /shpss_[0-9a-fA-F]{32}/ },
  hosts: [],
  carriers: [],
  environment: [
    'SHOPIFY_API_SECRET',
    'SHOPIFY_API_SECRET_KEY',
    'SHOPIFY_SHARED_SECRET',
    'SHOPIFY_CLIENT_SECRET',
    'SHOPIFY_WEBHOOK_SECRET',
  ],
  example: (random) => `shpss_${random.hex(32)}`,
  phantom: (random, like) => `shpss_${markedHex(random, like.length - 6)}`,
  documentation: 'https://shopify.dev/docs/apps/build/authentication-authorization/client-secrets',
}
