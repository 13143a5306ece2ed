import type { Model } from '../model.ts'

export const journald: Model = {
  id: 'journald',
  title: 'Journald',
  calls: [
    { on: ['Journald::Logger', 'Journald::TraceLogger'], names: ['new'], type: 'logger' },
    {
      on: ['logger'],
      names: ['send_message', 'tag_value', 'log_debug', 'log_info', 'log_warn', 'log_err'],
      sink: { kind: 'log', takes: 'all', says: 'written to the journal' },
    },
    {
      on: ['Systemd::Journal', 'Journald::Native'],
      names: ['message', 'print', 'send', 'perror'],
      sink: { kind: 'log', takes: 'all', says: 'written to the journal' },
    },
  ],
  documentation: 'https://github.com/theforeman/journald-logger',
}
