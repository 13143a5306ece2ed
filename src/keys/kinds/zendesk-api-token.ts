import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Every account has a host of its own below this one: name yours under `hosts`, and no other account can be reached with the key. */
export const zendeskApiToken: KeyKind = {
  id: 'zendesk-api-token',
  title: 'Zendesk API token',
  use: 'travels',
  fits: /[0-9A-Za-z]{40}/,
  hosts: ['*.zendesk.com'],
  carriers: [basicCarrier('password')],
  environment: ['ZENDESK_API_TOKEN', 'ZENDESK_TOKEN', 'ZENDESK_API_KEY'],
  example: (random) => random.base62(40),
  phantom: (random, like) => markedBase62(random, like.length),
  documentation: 'https://developer.zendesk.com/api-reference/introduction/security-and-auth/',
}
