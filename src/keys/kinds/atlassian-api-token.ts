import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, type Random } from '../random.ts'

export const atlassianApiToken: KeyKind = {
  id: 'atlassian-api-token',
  title: 'Atlassian API token',
  use: 'travels',
  shape: { prefixes: ['ATATT3xFfG'], pattern: /ATATT3xFfG[0-9A-Za-z_=-]{20,250}=[0-9A-F]{8}/ },
  // Jira and Confluence have a host for each customer.
  hosts: ['api.atlassian.com', '*.atlassian.net', 'api.bitbucket.org', 'bitbucket.org'],
  carriers: [basicCarrier('password'), bearerCarrier],
  environment: [
    'ATLASSIAN_API_TOKEN',
    'ATLASSIAN_TOKEN',
    'JIRA_API_TOKEN',
    'JIRA_TOKEN',
    'CONFLUENCE_API_TOKEN',
    'CONFLUENCE_TOKEN',
    'BITBUCKET_API_TOKEN',
  ],
  example: (random) => `ATATT3xFfG${random.base62(173)}=${hexUpper(random, 8)}`,
  phantom: (random, like) => `ATATT3xFfG${markedBase62(random, like.length - 19)}=${hexUpper(random, 8)}`,
  documentation: 'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/',
}

function hexUpper(random: Random, length: number): string {
  return random.hex(length).toUpperCase()
}
