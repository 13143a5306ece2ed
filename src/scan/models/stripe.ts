import { asks, positioned } from '../http-options.ts'
import type { Model } from '../model.ts'

const settings = { openTimeout: 30, readTimeout: 80 }

/** Its key may go to Stripe only; `api_base` says where it goes. */
export const stripe: Model = {
  id: 'stripe',
  title: 'Stripe',
  calls: [
    { on: ['Stripe'], names: ['api_key='], holds: 'all' },
    {
      on: ['Stripe'],
      names: ['api_base=', 'connect_base=', 'uploads_base='],
      options: [positioned('baseUrl', 0)],
      sink: asks,
      defaults: settings,
    },
    {
      on: ['Stripe'],
      names: ['verify_ssl_certs='],
      options: [positioned('verification', 0, { false: 'none', true: 'peer' })],
    },
    { on: ['Stripe'], names: ['proxy='], options: [positioned('proxy', 0)] },
    {
      on: ['Stripe::StripeClient'],
      names: ['new'],
      type: 'stripe client',
      holds: 'all',
      sink: asks,
      defaults: settings,
    },
  ],
  documentation: 'https://github.com/stripe/stripe-ruby',
}
