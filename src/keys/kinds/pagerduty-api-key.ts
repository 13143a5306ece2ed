import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const pagerdutyApiKey: KeyKind = {
  id: 'pagerduty-api-key',
  title: 'PagerDuty API key',
  use: 'travels',
  fits: /[0-9A-Za-z_+-]{20}/,
  hosts: ['api.pagerduty.com', 'api.eu.pagerduty.com'],
  carriers: [headerCarrier('Authorization', 'Token token=')],
  environment: ['PAGERDUTY_API_KEY', 'PAGERDUTY_TOKEN', 'PAGERDUTY_API_TOKEN', 'PAGERDUTY_USER_TOKEN'],
  example: (random) => random.base62(20),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://developer.pagerduty.com/docs/authentication',
}
