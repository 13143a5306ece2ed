import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const sentryUserToken: KeyKind = {
  id: 'sentry-user-token',
  title: 'Sentry user token',
  use: 'travels',
  shape: { prefixes: ['sntryu_'], pattern: /sntryu_[0-9a-f]{64}/ },
  fits: /[0-9a-f]{64}/,
  hosts: ['sentry.io', 'us.sentry.io', 'de.sentry.io'],
  carriers: [bearerCarrier],
  environment: ['SENTRY_AUTH_TOKEN', 'SENTRY_USER_TOKEN', 'SENTRY_TOKEN', 'SENTRY_API_TOKEN'],
  baseUrls: [{ variable: 'SENTRY_URL', path: '' }],
  example: (random) => `sntryu_${random.hex(64)}`,
  phantom: (random, like) =>
    like.length === oldLength ? markedHex(random, oldLength) : `sntryu_${markedHex(random, like.length - 7)}`,
  documentation: 'https://docs.sentry.io/account/auth-tokens/',
}

/** Until 2024 they had no prefix. */
const oldLength = 64
