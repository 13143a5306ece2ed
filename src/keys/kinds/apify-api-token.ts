import { bearerCarrier } from '../carriers/bearer.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const apifyApiToken: KeyKind = {
  id: 'apify-api-token',
  title: 'Apify API token',
  use: 'travels',
  shape: { prefixes: ['apify_api_'], pattern: /apify_api_[0-9A-Za-z]{34,38}/ },
  hosts: ['api.apify.com'],
  carriers: [bearerCarrier, queryCarrier('token')],
  environment: ['APIFY_TOKEN', 'APIFY_API_TOKEN', 'APIFY_API_KEY'],
  example: (random) => `apify_api_${random.base62(36)}`,
  phantom: (random, like) => `apify_api_${markedBase62(random, like.length - 10)}`,
  documentation: 'https://docs.apify.com/platform/integrations/api',
}
