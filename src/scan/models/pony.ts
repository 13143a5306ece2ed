import type { Model } from '../model.ts'

export const pony: Model = {
  id: 'pony',
  title: 'Pony',
  calls: [
    {
      on: ['Pony'],
      names: ['mail'],
      sink: {
        kind: 'message',
        takes: { named: ['body', 'html_body', 'subject', 'headers', 'attachments'] },
        says: 'sent in a mail',
      },
    },
  ],
  documentation: 'https://github.com/benprew/pony',
}
