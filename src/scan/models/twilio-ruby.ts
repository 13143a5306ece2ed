import type { Model } from '../model.ts'

/** Sends its token to Twilio's hosts only: they are made of the region and the edge. */
export const twilioRuby: Model = {
  id: 'twilio-ruby',
  title: 'Twilio',
  calls: [
    { on: ['Twilio::REST::Client'], names: ['new'], type: 'twilio client', holds: 'all' },
    { on: ['twilio client'], names: ['inspect', 'to_s', 'account_sid'] },
    { on: ['twilio client'], names: ['auth_token', 'password'], gives: ['entries'] },
    {
      on: ['twilio client'],
      names: ['messages', 'calls', 'api', 'account', 'v2010', 'accounts'],
      type: 'twilio resources',
    },
    {
      on: ['twilio resources'],
      names: ['messages', 'calls', 'account', 'v2010', 'accounts'],
      type: 'twilio resources',
    },
    {
      on: ['twilio resources'],
      names: ['create'],
      sink: { kind: 'message', takes: { named: ['body', 'twiml', 'content_variables'] }, says: 'sent in a message' },
    },
    { on: ['Twilio'], names: ['configure'], blockTakes: ['twilio configuration'] },
    { on: ['twilio configuration'], names: ['auth_token=', 'account_sid='], holds: 'all' },
  ],
  documentation: 'https://github.com/twilio/twilio-ruby',
}
