import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to New Relic' }

export const newRelic: Model = {
  id: 'new-relic',
  title: 'New Relic',
  calls: [
    {
      on: ['NewRelic::Agent'],
      names: [
        ...[
          'notice_error',
          'add_custom_attributes',
          'add_custom_span_attributes',
          'add_custom_parameters',
          'set_user_id',
        ],
        ...[
          'record_custom_event',
          'record_metric',
          'increment_metric',
          'set_transaction_name',
          'add_custom_log_attributes',
        ],
        ...['record_llm_feedback_event'],
      ],
      sink: sent,
    },
    { on: ['NewRelic::Agent'], names: ['logger'], type: 'logger' },
    {
      on: ['NewRelic::Agent::Tracer'],
      names: ['start_segment', 'start_external_request_segment', 'current_segment'],
      type: 'new relic segment',
    },
    { on: ['new relic segment'], names: ['add_custom_attribute', 'add_agent_attribute', 'name='], sink: sent },
  ],
  documentation: 'https://docs.newrelic.com/docs/apm/agents/ruby-agent/api-guides/ruby-agent-api/',
}
