import { named } from '../http-options.ts'
import type { Model } from '../model.ts'

/** The official gem (`base_url`) and ruby-openai (`uri_base`). */
export const openai: Model = {
  id: 'openai',
  title: 'OpenAI',
  calls: [
    {
      on: ['OpenAI::Client', 'OpenAI'],
      names: ['new'],
      type: 'openai',
      holds: { named: ['access_token', 'api_key', 'admin_token'] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [
        named('baseUrl', 'uri_base'),
        named('baseUrl', 'base_url'),
        named('totalTimeout', 'request_timeout'),
        named('totalTimeout', 'timeout'),
      ],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    { on: ['openai'], names: ['inspect', 'to_s'] },
  ],
  documentation: 'https://github.com/openai/openai-ruby',
}
