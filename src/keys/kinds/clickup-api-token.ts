import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { phantomMark } from '../random.ts'

const base36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

export const clickupApiToken: KeyKind = {
  id: 'clickup-api-token',
  title: 'ClickUp personal API token',
  use: 'travels',
  shape: { prefixes: ['pk_'], pattern: /pk_[0-9]{5,10}_[0-9A-Z]{32}/ },
  hosts: ['api.clickup.com'],
  carriers: [headerCarrier('Authorization')],
  environment: ['CLICKUP_API_TOKEN', 'CLICKUP_TOKEN', 'CLICKUP_API_KEY'],
  example: (random) => `pk_${random.digits(8)}_${random.from(base36, 32)}`,
  phantom: (random, like) => `pk_${'0'.repeat(Math.max(like.length - 36, 5))}_${phantomMark}${random.from(base36, 25)}`,
  documentation: 'https://developer.clickup.com/docs/authentication',
}
