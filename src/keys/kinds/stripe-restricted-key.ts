import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const stripeRestrictedKey: KeyKind = {
  id: 'stripe-restricted-key',
  title: 'Stripe restricted key',
  use: 'travels',
  shape: { prefixes: ['rk_live_', 'rk_test_'], pattern: /rk_(?:live|test)_[0-9A-Za-z]{24,247}/ },
  hosts: ['api.stripe.com', 'files.stripe.com', 'connect.stripe.com', 'meter-events.stripe.com'],
  carriers: [bearerCarrier, basicCarrier('user')],
  environment: ['STRIPE_RESTRICTED_KEY', 'STRIPE_API_KEY', 'STRIPE_SECRET_KEY', 'STRIPE_KEY'],
  example: (random) => `rk_live_${random.base62(99)}`,
  phantom: (random, { prefix, length }) => prefix + markedBase62(random, Math.max(24, length - prefix.length)),
  documentation: 'https://docs.stripe.com/keys',
}
