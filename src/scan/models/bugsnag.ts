import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Bugsnag' }

export const bugsnag: Model = {
  id: 'bugsnag',
  title: 'Bugsnag',
  calls: [
    // The block is given the report, and its value goes nowhere.
    {
      on: ['Bugsnag'],
      names: ['notify', 'auto_notify'],
      blockTakes: ['bugsnag report'],
      sink: { ...sent, takes: { positions: [0, 1] } },
    },
    { on: ['Bugsnag'], names: ['leave_breadcrumb', 'add_metadata', 'add_feature_flag'], sink: sent },
    { on: ['Bugsnag'], names: ['add_on_error', 'before_notify_callbacks'], blockTakes: ['bugsnag report'] },
    {
      on: ['bugsnag report'],
      names: ['add_tab', 'add_metadata', 'user=', 'set_user', 'meta_data=', 'context=', 'severity='],
      sink: sent,
    },
    { on: ['bugsnag report'], names: ['meta_data', 'metadata'], type: 'bugsnag data' },
    { on: ['bugsnag data'], names: ['[]=', 'merge!', 'update', 'store'], sink: sent },
  ],
  documentation: 'https://docs.bugsnag.com/platforms/ruby/',
}
