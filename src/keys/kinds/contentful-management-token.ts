import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const contentfulManagementToken: KeyKind = {
  id: 'contentful-management-token',
  title: 'Contentful personal access token',
  use: 'travels',
  shape: { prefixes: ['CFPAT-'], pattern: /CFPAT-[0-9A-Za-z_-]{43}/ },
  hosts: ['api.contentful.com', 'upload.contentful.com', 'api.eu.contentful.com', 'upload.eu.contentful.com'],
  carriers: [bearerCarrier],
  environment: [
    'CONTENTFUL_MANAGEMENT_TOKEN',
    'CONTENTFUL_MANAGEMENT_ACCESS_TOKEN',
    'CONTENTFUL_MANAGEMENT_API_ACCESS_TOKEN',
    'CONTENTFUL_PERSONAL_ACCESS_TOKEN',
  ],
  example: (random) => `CFPAT-${random.base62(43)}`,
  phantom: (random, like) => `CFPAT-${markedBase62(random, like.length - 6)}`,
  documentation: 'https://www.contentful.com/developers/docs/references/authentication/',
}
