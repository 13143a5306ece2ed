import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Airbrake' }

export const airbrake: Model = {
  id: 'airbrake',
  title: 'Airbrake',
  calls: [
    {
      on: ['Airbrake'],
      names: ['notify', 'notify_sync', 'notify_or_ignore', 'notify_request', 'notify_query'],
      blockTakes: ['airbrake notice'],
      sink: { ...sent, takes: { positions: [0, 1] } },
    },
    { on: ['Airbrake'], names: ['merge_context', 'notify_deploy'], sink: sent },
    { on: ['Airbrake'], names: ['build_notice'], type: 'airbrake notice', sink: sent },
    { on: ['Airbrake'], names: ['add_filter'], blockTakes: ['airbrake notice'] },
    { on: ['airbrake notice'], names: ['[]='], sink: sent },
    { on: ['airbrake notice'], names: ['[]'], type: 'airbrake data' },
    { on: ['airbrake data'], names: ['[]=', 'merge!', 'update', 'store'], sink: sent },
  ],
  documentation: 'https://github.com/airbrake/airbrake-ruby',
}
