import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const datadogApiKey: KeyKind = {
  id: 'datadog-api-key',
  title: 'Datadog API key',
  use: 'travels',
  fits: /[0-9a-f]{32}/,
  // A site for each region, and a host for each sort of intake.
  hosts: ['api.datadoghq.com', '*.datadoghq.com', '*.datadoghq.eu', '*.ddog-gov.com'],
  carriers: [headerCarrier('DD-API-KEY'), queryCarrier('api_key'), queryCarrier('dd-api-key')],
  environment: ['DD_API_KEY', 'DATADOG_API_KEY'],
  example: (random) => random.hex(32),
  phantom: (random, like) => markedHex(random, like.length),
  documentation: 'https://docs.datadoghq.com/account_management/api-app-keys/',
}
