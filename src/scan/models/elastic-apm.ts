import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Elastic APM' }

export const elasticApm: Model = {
  id: 'elastic-apm',
  title: 'Elastic APM',
  calls: [
    {
      on: ['ElasticAPM'],
      names: ['report', 'report_message', 'set_label', 'set_custom_context', 'set_user'],
      sink: sent,
    },
    {
      on: ['ElasticAPM'],
      names: [
        'with_span',
        'with_transaction',
        'start_span',
        'start_transaction',
        'current_span',
        'current_transaction',
      ],
      gives: ['block'],
      type: 'elastic span',
      blockTakes: ['result'],
      sink: { ...sent, takes: { positions: [0] } },
    },
    { on: ['elastic span'], names: ['name=', 'set_label', 'context=', 'set_custom'], sink: sent },
  ],
  documentation: 'https://www.elastic.co/docs/reference/apm/agents/ruby/api-reference',
}
