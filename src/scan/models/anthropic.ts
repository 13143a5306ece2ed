import { named } from '../http-options.ts'
import type { Model } from '../model.ts'

/** The official gem and ruby-anthropic. */
export const anthropic: Model = {
  id: 'anthropic',
  title: 'Anthropic',
  calls: [
    {
      on: ['Anthropic::Client'],
      names: ['new'],
      type: 'anthropic',
      holds: { named: ['api_key', 'access_token', 'auth_token'] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [
        named('baseUrl', 'base_url'),
        named('baseUrl', 'uri_base'),
        named('totalTimeout', 'timeout'),
        named('totalTimeout', 'request_timeout'),
      ],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    { on: ['anthropic'], names: ['inspect', 'to_s'] },
  ],
  documentation: 'https://github.com/anthropics/anthropic-sdk-ruby',
}
