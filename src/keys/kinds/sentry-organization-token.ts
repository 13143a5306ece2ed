import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/**
 * Its middle part tells clients the organization and the URL. A phantom's cannot be read, so that none is taken from it:
 * the client then asks `SENTRY_ORG` and `SENTRY_URL`.
 */
export const sentryOrganizationToken: KeyKind = {
  id: 'sentry-organization-token',
  title: 'Sentry organization token',
  use: 'travels',
  shape: { prefixes: ['sntrys_'], pattern: /sntrys_[0-9A-Za-z+/=]{20,400}_[0-9A-Za-z+/]{43}/ },
  hosts: ['sentry.io', 'us.sentry.io', 'de.sentry.io'],
  carriers: [bearerCarrier],
  environment: ['SENTRY_AUTH_TOKEN', 'SENTRY_ORG_TOKEN', 'SENTRY_TOKEN'],
  baseUrls: [{ variable: 'SENTRY_URL', path: '' }],
  example: (random) =>
    `sntrys_${btoa(JSON.stringify({ iat: Number(random.digits(9)), org: random.hex(12) }))}_${random.base62(43)}`,
  phantom: (random, like) => `sntrys_${markedBase62(random, like.length - 51)}_${random.base62(43)}`,
  documentation: 'https://docs.sentry.io/account/auth-tokens/',
}
