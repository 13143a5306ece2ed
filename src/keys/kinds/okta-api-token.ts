import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Every organisation has a host of its own below these: name yours under `hosts`, and no other tenant can be reached with the key. */
export const oktaApiToken: KeyKind = {
  id: 'okta-api-token',
  title: 'Okta API token',
  use: 'travels',
  fits: /00[0-9A-Za-z_-]{40}/,
  hosts: ['*.okta.com', '*.oktapreview.com', '*.okta-emea.com', '*.okta-gov.com'],
  carriers: [headerCarrier('Authorization', 'SSWS ')],
  environment: ['OKTA_API_TOKEN', 'OKTA_CLIENT_TOKEN', 'OKTA_TOKEN'],
  example: (random) => `00${random.base62(40)}`,
  phantom: (random, like) => `00${markedBase62(random, like.length - 2)}`,
  documentation: 'https://developer.okta.com/docs/guides/create-an-api-token/main/',
}
