import { named, verificationModes, verifiesWhenTrue } from '../http-options.ts'
import type { Model, SinkModel } from '../model.ts'

const mailed: SinkModel = { kind: 'message', takes: 'all', says: 'sent in a mail' }
const parts = ['body', 'body=', 'subject', 'subject=', 'html_part=', 'text_part=', 'add_file', 'content']

const verifies = [
  named('verification', 'openssl_verify_mode', verificationModes),
  named('verification', 'tls_verify', verifiesWhenTrue),
  named('verification', 'via_options.openssl_verify_mode', verificationModes),
]

/** The mail gem: `Mail.new do … end`, `Mail.deliver do … end`. How it delivers is told with what it signs in with. */
export const mail: Model = {
  id: 'mail',
  title: 'Mail',
  calls: [
    {
      on: ['Mail'],
      names: ['new', 'deliver'],
      type: 'mail',
      blockTakes: ['mail'],
      blockOn: 'mail',
      sink: { ...mailed, takes: { named: ['body', 'subject'] } },
    },
    { on: ['mail'], names: parts, sink: mailed },
    { on: ['mail'], names: ['text_part', 'html_part'], gives: ['block'], blockTakes: ['mail'], blockOn: 'mail' },
    { on: ['Mail'], names: ['defaults'], blockTakes: ['mail'], blockOn: 'mail' },
    // Of the mail gem, of Rails and of Pony.
    { on: ['*'], names: ['delivery_method', 'smtp_settings=', 'options='], options: verifies },
    { on: ['mail'], names: ['delivery_method'], options: verifies },
    { on: ['mail'], names: ['deliver', 'deliver!', 'to=', 'from='] },
    { on: ['Net::SMTP'], names: ['start'], blockTakes: ['smtp'], options: verifies },
    { on: ['Net::SMTP'], names: ['new'], type: 'smtp', options: verifies },
    { on: ['smtp'], names: ['start'], blockTakes: ['smtp'] },
    { on: ['smtp'], names: ['send_message', 'sendmail', 'send_mail'], sink: { ...mailed, takes: { positions: [0] } } },
  ],
  documentation: 'https://github.com/mikel/mail',
}
