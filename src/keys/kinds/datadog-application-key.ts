import { headerCarrier } from '../carriers/header.ts'
import { queryCarrier } from '../carriers/query.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedHex } from '../random.ts'

export const datadogApplicationKey: KeyKind = {
  id: 'datadog-application-key',
  title: 'Datadog application key',
  use: 'travels',
  shape: { prefixes: ['ddapp_'], pattern: /ddapp_[0-9A-Za-z]{34}/ },
  fits: /[0-9a-f]{40}/,
  hosts: ['api.datadoghq.com', '*.datadoghq.com', '*.datadoghq.eu', '*.ddog-gov.com'],
  carriers: [headerCarrier('DD-APPLICATION-KEY'), queryCarrier('application_key')],
  environment: ['DD_APP_KEY', 'DD_APPLICATION_KEY', 'DATADOG_APP_KEY', 'DATADOG_APPLICATION_KEY'],
  example: (random) => `ddapp_${random.base62(34)}`,
  phantom: (random, like) =>
    like.prefix === '' ? markedHex(random, like.length) : `ddapp_${markedBase62(random, like.length - 6)}`,
  documentation: 'https://docs.datadoghq.com/account_management/api-app-keys/',
}
