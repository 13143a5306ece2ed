import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex, markedUuid, randomUuid } from '../random.ts'

export const snykApiToken: KeyKind = {
  id: 'snyk-api-token',
  title: 'Snyk API token',
  use: 'travels',
  fits: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  hosts: ['api.snyk.io', 'api.us.snyk.io', 'api.eu.snyk.io', 'api.au.snyk.io', 'deeproxy.snyk.io', 'snyk.io'],
  carriers: [headerCarrier('Authorization', 'token '), bearerCarrier],
  environment: ['SNYK_TOKEN', 'SNYK_API_TOKEN'],
  baseUrls: [{ variable: 'SNYK_API', path: '' }],
  example: (random) => randomUuid(random),
  phantom: (random, like) => (like.length === 36 ? markedUuid(random) : markedHex(random, like.length)),
  documentation: 'https://docs.snyk.io/snyk-api/authentication-for-api',
}
