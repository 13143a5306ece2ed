import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { phantomMark } from '../random.ts'

export const airtableAccessToken: KeyKind = {
  id: 'airtable-access-token',
  title: 'Airtable personal access token',
  use: 'travels',
  shape: { prefixes: ['pat'], pattern: /pat[0-9A-Za-z]{14}\.[0-9a-f]{64}/ },
  hosts: ['api.airtable.com', 'content.airtable.com'],
  carriers: [bearerCarrier],
  environment: [
    'AIRTABLE_API_KEY',
    'AIRTABLE_ACCESS_TOKEN',
    'AIRTABLE_PERSONAL_ACCESS_TOKEN',
    'AIRTABLE_PAT',
    'AIRTABLE_TOKEN',
  ],
  baseUrls: [{ variable: 'AIRTABLE_ENDPOINT_URL', path: '' }],
  example: (random) => `pat${random.base62(14)}.${random.hex(64)}`,
  phantom: (random, like) => `pat${phantomMark}${random.base62(7)}.${random.hex(Math.max(like.length - 18, 16))}`,
  documentation: 'https://airtable.com/developers/web/guides/personal-access-tokens',
}
