import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const algoliaAdminApiKey: KeyKind = {
  id: 'algolia-admin-api-key',
  title: 'Algolia admin or write API key',
  use: 'travels',
  fits: /[0-9a-f]{32}/,
  // The application's id is in the name of its hosts.
  hosts: [
    '*.algolia.net',
    '*.algolianet.com',
    'analytics.algolia.com',
    'analytics.us.algolia.com',
    'analytics.de.algolia.com',
    'insights.us.algolia.io',
    'insights.de.algolia.io',
    'query-suggestions.us.algolia.com',
    'query-suggestions.eu.algolia.com',
    'data.us.algolia.com',
    'data.eu.algolia.com',
  ],
  carriers: [headerCarrier('X-Algolia-API-Key'), queryCarrier('x-algolia-api-key')],
  // No name of a search key: that one is given to browsers.
  environment: ['ALGOLIA_ADMIN_API_KEY', 'ALGOLIA_ADMIN_KEY', 'ALGOLIA_WRITE_API_KEY', 'ALGOLIA_WRITE_KEY'],
  example: (random) => random.hex(32),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://www.algolia.com/doc/guides/security/api-keys/',
}
