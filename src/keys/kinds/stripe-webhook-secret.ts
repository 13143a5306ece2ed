import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** Stripe's, and that of the services which sign as the Standard Webhooks specification says: the receiver checks with it. */
export const stripeWebhookSecret: KeyKind = {
  id: 'stripe-webhook-secret',
  title: 'webhook signing secret',
  use: 'stays',
  shape: { prefixes: ['whsec_'], pattern: /whsec_[0-9A-Za-z+/]{24,88}={0,2}/ },
  hosts: [],
  carriers: [],
  environment: [
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_ENDPOINT_SECRET',
    'STRIPE_WEBHOOK_SIGNING_SECRET',
    'STRIPE_SIGNING_SECRET',
    'SVIX_WEBHOOK_SECRET',
    'RESEND_WEBHOOK_SECRET',
    'CLERK_WEBHOOK_SECRET',
  ],
  example: (random) => `whsec_${random.base62(32)}`,
  phantom: (random, like) => `whsec_${markedBase62(random, like.length - 6)}`,
  documentation: 'https://docs.stripe.com/webhooks/signature',
}
