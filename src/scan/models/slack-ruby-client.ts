import { named } from '../http-options.ts'
import type { Model } from '../model.ts'

/** Over Faraday. */
export const slackRubyClient: Model = {
  id: 'slack-ruby-client',
  title: 'Slack',
  calls: [
    {
      on: ['Slack::Web::Client', 'Slack::RealTime::Client'],
      names: ['new'],
      type: 'slack',
      holds: { named: ['token'] },
      sink: { kind: 'request', takes: { named: [] }, says: 'handed to the client, which sends it to its host' },
      options: [
        named('baseUrl', 'endpoint'),
        named('totalTimeout', 'timeout'),
        named('openTimeout', 'open_timeout'),
        named('proxy', 'proxy'),
      ],
      defaults: { openTimeout: 60, readTimeout: 60 },
    },
    { on: ['slack'], names: ['inspect', 'to_s'] },
  ],
  documentation: 'https://github.com/slack-ruby/slack-ruby-client',
}
