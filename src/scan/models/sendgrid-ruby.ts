import { named } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Over Net::HTTP; `host` says where the key goes. */
export const sendgridRuby: Model = {
  id: 'sendgrid-ruby',
  title: 'SendGrid',
  calls: [
    {
      on: ['SendGrid::API'],
      names: ['new'],
      type: 'sendgrid',
      holds: { named: ['api_key'] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [named('baseUrl', 'host')],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    { on: ['sendgrid'], names: ['inspect', 'to_s'] },
  ],
  documentation: 'https://github.com/sendgrid/sendgrid-ruby',
}
