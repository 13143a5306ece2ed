import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { phantomMark } from '../random.ts'

export const newRelicUserKey: KeyKind = {
  id: 'new-relic-user-key',
  title: 'New Relic user key',
  use: 'travels',
  shape: { prefixes: ['NRAK-'], pattern: /NRAK-[0-9A-Z]{27}/ },
  hosts: ['api.newrelic.com', 'api.eu.newrelic.com'],
  carriers: [headerCarrier('Api-Key'), headerCarrier('X-Api-Key')],
  environment: [
    'NEW_RELIC_API_KEY',
    'NEW_RELIC_USER_KEY',
    'NEW_RELIC_USER_API_KEY',
    'NEW_RELIC_PERSONAL_API_KEY',
    'NEWRELIC_API_KEY',
  ],
  example: (random) => `NRAK-${random.from(alphabet, 27)}`,
  phantom: (random, like) => `NRAK-${phantomMark}${random.from(alphabet, Math.max(like.length - 12, 13))}`,
  documentation: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
