import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedUuid, randomUuid } from '../random.ts'

export const hubspotAccessToken: KeyKind = {
  id: 'hubspot-access-token',
  title: 'HubSpot private app access token',
  use: 'travels',
  shape: {
    prefixes: ['na', 'eu', 'ap'].flatMap((area) => ['1', '2', '3'].map((number) => `pat-${area}${number}-`)),
    pattern: /pat-(?:na|eu|ap)[1-3]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  },
  hosts: ['api.hubapi.com', 'api.hubspot.com', 'api-na1.hubapi.com', 'api-eu1.hubapi.com', 'api-ap1.hubapi.com'],
  carriers: [bearerCarrier],
  environment: [
    'HUBSPOT_ACCESS_TOKEN',
    'HUBSPOT_PRIVATE_APP_TOKEN',
    'HUBSPOT_PRIVATE_APP_ACCESS_TOKEN',
    'HUBSPOT_API_TOKEN',
    'HUBSPOT_API_KEY',
    'HUBSPOT_TOKEN',
  ],
  example: (random) => `pat-na1-${randomUuid(random)}`,
  phantom: (random, like) => like.prefix + markedUuid(random),
  documentation: 'https://developers.hubspot.com/docs/guides/apps/private-apps/overview',
}
