import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

/**
 * Keys of EU accounts begin with `eu01xx`, by which the agents choose their host: with a phantom it has to be named
 * (`NEW_RELIC_HOST`).
 */
export const newRelicLicenseKey: KeyKind = {
  id: 'new-relic-license-key',
  title: 'New Relic license key',
  use: 'travels',
  fits: /(?:eu01xx)?[0-9a-f]{26,32}FFFFNRAL/,
  leftUnasked: 'which agents send past every proxy',
  hosts: [
    'collector.newrelic.com',
    '*.nr-data.net',
    'log-api.newrelic.com',
    'log-api.eu.newrelic.com',
    'metric-api.newrelic.com',
    'metric-api.eu.newrelic.com',
    'trace-api.newrelic.com',
    'trace-api.eu.newrelic.com',
    'insights-collector.newrelic.com',
    'infra-api.newrelic.com',
    'infra-api.eu.newrelic.com',
  ],
  carriers: [headerCarrier('Api-Key'), headerCarrier('X-License-Key'), queryCarrier('license_key')],
  environment: ['NEW_RELIC_LICENSE_KEY', 'NEWRELIC_LICENSE_KEY', 'NEW_RELIC_INGEST_KEY'],
  example: (random) => `${random.hex(32)}FFFFNRAL`,
  phantom: (random, like) => `${markedHex(random, like.length - 8)}FFFFNRAL`,
  documentation: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
}
