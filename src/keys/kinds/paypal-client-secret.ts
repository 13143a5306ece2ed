import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const paypalClientSecret: KeyKind = {
  id: 'paypal-client-secret',
  title: 'PayPal client secret',
  use: 'travels',
  fits: /E[0-9A-Za-z_-]{79}/,
  leftUnasked: 'which is exchanged for a token that no door knows',
  hosts: ['api-m.paypal.com', 'api-m.sandbox.paypal.com', 'api.paypal.com', 'api.sandbox.paypal.com'],
  carriers: [basicCarrier('password')],
  environment: ['PAYPAL_CLIENT_SECRET', 'PAYPAL_SECRET', 'PAYPAL_APP_SECRET'],
  example: (random) => `E${random.base62(79)}`,
  phantom: (random, like) => `E${markedBase62(random, like.length - 1)}`,
  documentation: 'https://developer.paypal.com/api/rest/authentication/',
}
