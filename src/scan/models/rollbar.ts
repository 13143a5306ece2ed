import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Rollbar' }

export const rollbar: Model = {
  id: 'rollbar',
  title: 'Rollbar',
  calls: [
    {
      on: ['Rollbar'],
      names: ['log', 'debug', 'info', 'warn', 'warning', 'error', 'critical', 'report_exception', 'report_message'],
      sink: sent,
    },
    {
      on: ['Rollbar'],
      names: ['scope', 'scope!', 'scoped'],
      gives: ['block'],
      type: 'rollbar scope',
      sink: { ...sent, takes: { positions: [0] } },
    },
    { on: ['rollbar scope'], names: ['log', 'debug', 'info', 'warn', 'warning', 'error', 'critical'], sink: sent },
    { on: ['Rollbar'], names: ['configure'], blockTakes: ['rollbar configuration'] },
    { on: ['rollbar configuration'], names: ['payload_options=', 'custom_data_method=', 'host='], sink: sent },
  ],
  documentation: 'https://docs.rollbar.com/docs/ruby',
}
