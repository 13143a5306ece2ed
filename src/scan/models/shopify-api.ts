import type { Model } from '../model.ts'

/** Sends the session's token to the session's shop. */
export const shopifyApi: Model = {
  id: 'shopify-api',
  title: 'Shopify API',
  calls: [
    {
      on: ['ShopifyAPI::Clients::Rest::Admin', 'ShopifyAPI::Clients::Graphql::Admin'],
      names: ['new'],
      type: 'shopify',
      holds: { named: ['session'] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    { on: ['shopify'], names: ['inspect', 'to_s'] },
  ],
  documentation: 'https://github.com/Shopify/shopify-api-ruby',
}
