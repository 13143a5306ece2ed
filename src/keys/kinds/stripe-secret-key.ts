import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const stripeSecretKey: KeyKind = {
  id: 'stripe-secret-key',
  title: 'Stripe secret key',
  use: 'travels',
  shape: { prefixes: ['sk_live_', 'sk_test_'], pattern: /sk_(?:live|test)_[0-9A-Za-z]{24,247}/ },
  hosts: ['api.stripe.com', 'files.stripe.com', 'connect.stripe.com', 'meter-events.stripe.com'],
  carriers: [bearerCarrier, basicCarrier('user')],
  environment: ['STRIPE_API_KEY', 'STRIPE_SECRET_KEY', 'STRIPE_SECRET', 'STRIPE_KEY'],
  example: (random) => `sk_live_${random.base62(99)}`,
  phantom: (random, like) => like.prefix + markedBase62(random, Math.max(24, like.length - like.prefix.length)),
  documentation: 'https://docs.stripe.com/keys',
}
