import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to AppSignal' }

export const appsignal: Model = {
  id: 'appsignal',
  title: 'AppSignal',
  calls: [
    {
      on: ['Appsignal'],
      names: [
        ...['tag_request', 'tag_job', 'add_tags', 'set_custom_data', 'add_custom_data', 'add_params', 'set_params'],
        ...['add_headers', 'set_headers', 'add_session_data', 'add_breadcrumb', 'set_action', 'set_namespace'],
        ...['increment_counter', 'set_gauge', 'add_distribution_value', 'measure'],
      ],
      sink: sent,
    },
    {
      on: ['Appsignal'],
      names: ['send_error', 'report_error', 'set_error', 'add_error'],
      blockTakes: ['appsignal transaction'],
      sink: { ...sent, takes: { positions: [0, 1] } },
    },
    {
      on: ['Appsignal'],
      names: ['instrument', 'instrument_sql'],
      gives: ['block'],
      sink: { ...sent, takes: { positions: [0, 1, 2] } },
    },
    { on: ['Appsignal::Transaction'], names: ['current'], type: 'appsignal transaction' },
    {
      on: ['appsignal transaction'],
      names: [
        'set_tags',
        'add_tags',
        'params=',
        'set_params',
        'add_params',
        'set_sample_data',
        'add_custom_data',
        'set_metadata',
        'add_breadcrumb',
      ],
      sink: sent,
    },
    { on: ['Appsignal::Logger'], names: ['new'], type: 'logger' },
  ],
  documentation: 'https://docs.appsignal.com/ruby/',
}
