import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Honeybadger' }

export const honeybadger: Model = {
  id: 'honeybadger',
  title: 'Honeybadger',
  calls: [
    {
      on: ['Honeybadger'],
      names: ['notify', 'event', 'context', 'add_breadcrumb', 'track_deployment', 'event_context'],
      sink: sent,
    },
    { on: ['Honeybadger'], names: ['increment_counter', 'gauge', 'histogram', 'time'], sink: sent },
  ],
  documentation: 'https://docs.honeybadger.io/lib/ruby/',
}
