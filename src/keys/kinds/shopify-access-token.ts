import { basicCarrier } from '../carriers/basic.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

/** Every shop has a host of its own below this one: name yours under `hosts`, and no other shop can be reached with the key. */
export const shopifyAccessToken: KeyKind = {
  id: 'shopify-access-token',
  title: 'Shopify access token',
  use: 'travels',
  shape: { prefixes: ['shpat_', 'shpca_', 'shppa_'], pattern: /shp(?:at|ca|pa)_[0-9a-fA-F]{32}/ },
  hosts: ['*.myshopify.com'],
  carriers: [headerCarrier('X-Shopify-Access-Token'), basicCarrier('password')],
  environment: [
    'SHOPIFY_ACCESS_TOKEN',
    'SHOPIFY_ADMIN_ACCESS_TOKEN',
    'SHOPIFY_ADMIN_API_ACCESS_TOKEN',
    'SHOPIFY_ADMIN_TOKEN',
    'SHOPIFY_API_PASSWORD',
    'SHOPIFY_PASSWORD',
    'SHOPIFY_TOKEN',
  ],
  example: (random) => `shpat_${random.hex(32)}`,
  phantom: (random, { prefix, length }) => prefix + markedHex(random, length - prefix.length),
  documentation: 'https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens',
}
