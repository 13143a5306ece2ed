import type { Model } from '../model.ts'

/** Mailers are classes of the program: what `mail` is given, and what its templates show. */
export const actionMailer: Model = {
  id: 'action-mailer',
  title: 'ActionMailer',
  calls: [
    {
      on: ['ActionMailer::Base', 'ApplicationMailer'],
      names: ['mail'],
      type: 'mail',
      gives: ['block'],
      rendersOwn: true,
      sink: { kind: 'message', takes: { named: ['body', 'subject', 'content_type'] }, says: 'sent in a mail' },
    },
  ],
  documentation: 'https://guides.rubyonrails.org/action_mailer_basics.html',
}
