import type { Model, SinkModel } from '../model.ts'

const put: SinkModel = { kind: 'telemetry', takes: 'all', says: 'put in a trace' }

export const opentelemetry: Model = {
  id: 'opentelemetry',
  title: 'OpenTelemetry',
  calls: [
    {
      on: ['OpenTelemetry'],
      names: ['tracer_provider', 'meter_provider', 'logger_provider'],
      type: 'telemetry provider',
    },
    {
      on: ['OpenTelemetry::SDK::Trace::TracerProvider', 'OpenTelemetry::SDK::Metrics::MeterProvider'],
      names: ['new'],
      type: 'telemetry provider',
    },
    { on: ['telemetry provider'], names: ['tracer'], type: 'tracer' },
    { on: ['telemetry provider'], names: ['meter'], type: 'meter' },
    {
      on: ['tracer'],
      names: ['in_span', 'start_span', 'start_root_span'],
      gives: ['block'],
      type: 'telemetry span',
      blockTakes: ['result'],
      sink: [
        { ...put, takes: { positions: [0] } },
        { ...put, takes: { named: ['attributes', 'links'] } },
      ],
    },
    { on: ['OpenTelemetry::Trace'], names: ['current_span'], type: 'telemetry span' },
    { on: ['OpenTelemetry::Trace'], names: ['with_span'], gives: ['block'], blockTakes: ['telemetry span'] },
    {
      on: ['telemetry span'],
      names: ['set_attribute', '[]=', 'add_attributes', 'add_event', 'record_exception', 'name=', 'status='],
      sink: put,
    },
    {
      on: ['meter'],
      names: ['create_counter', 'create_histogram', 'create_gauge', 'create_up_down_counter'],
      type: 'meter instrument',
    },
    { on: ['meter instrument'], names: ['add', 'record'], sink: { ...put, says: 'put in a metric' } },
    {
      on: ['OpenTelemetry::Baggage'],
      names: ['set_value'],
      sink: { ...put, says: 'sent on with every request of the trace' },
    },
  ],
  named: [{ pattern: /^[@$]?tracer$/i, type: 'tracer' }],
  documentation: 'https://opentelemetry.io/docs/languages/ruby/instrumentation/',
}
