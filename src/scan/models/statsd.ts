import type { Model, SinkModel } from '../model.ts'

const measures = [
  'increment',
  'decrement',
  'count',
  'gauge',
  'histogram',
  'distribution',
  'timing',
  'set',
  'event',
  'service_check',
  'batch',
]
const measured: SinkModel = { kind: 'telemetry', takes: { positions: [0, 1, 2, 3] }, says: 'sent as a metric' }

/** StatsD's clients: statsd-instrument, statsd-ruby and Datadog's. */
export const statsd: Model = {
  id: 'statsd',
  title: 'StatsD',
  named: [{ pattern: /^[@$]?(?:dog)?statsd$/i, type: 'statsd' }],
  calls: [
    {
      on: ['Datadog::Statsd', 'Statsd', 'DogStatsd', 'StatsD::Instrument::Client'],
      names: ['new'],
      type: 'statsd',
      blockTakes: ['statsd'],
    },
    { on: ['statsd', 'StatsD', 'Statsd'], names: measures, sink: measured },
    {
      on: ['statsd', 'StatsD', 'Statsd'],
      names: ['measure', 'time', 'distribution'],
      gives: ['block'],
      sink: measured,
    },
  ],
  documentation: 'https://github.com/Shopify/statsd-instrument',
}
