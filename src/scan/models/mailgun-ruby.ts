import { positioned } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Its second argument is the host that the key goes to. */
export const mailgunRuby: Model = {
  id: 'mailgun-ruby',
  title: 'Mailgun',
  calls: [
    {
      on: ['Mailgun::Client'],
      names: ['new'],
      type: 'mailgun',
      holds: { positions: [0] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [positioned('baseUrl', 1)],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    { on: ['mailgun'], names: ['inspect', 'to_s'] },
  ],
  documentation: 'https://github.com/mailgun/mailgun-ruby',
}
