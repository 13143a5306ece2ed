import type { Model, SinkModel } from '../model.ts'

const put: SinkModel = { kind: 'telemetry', takes: 'all', says: 'put in a trace of Datadog' }

/** Datadog's tracer (`datadog`, and `ddtrace` before it). Its metrics are StatsD's. */
export const datadog: Model = {
  id: 'datadog',
  title: 'Datadog tracing',
  calls: [
    {
      on: ['Datadog::Tracing', 'datadog tracer'],
      names: ['trace', 'start_span'],
      type: 'datadog span',
      gives: ['block'],
      blockTakes: ['result'],
      sink: { ...put, takes: { named: ['resource', 'tags', 'service'] } },
    },
    { on: ['Datadog'], names: ['tracer'], type: 'datadog tracer' },
    {
      on: ['Datadog::Tracing', 'datadog tracer'],
      names: ['active_span', 'active_trace', 'active_root_span'],
      type: 'datadog span',
    },
    {
      on: ['datadog span'],
      names: [
        'set_tag',
        'set_tags',
        'set_metric',
        'resource=',
        'set_error',
        'set_tag_str',
        'record_exception',
        'set_baggage_item',
      ],
      sink: put,
    },
    { on: ['Datadog::Kit::Identity'], names: ['set_user'], sink: put },
  ],
  documentation: 'https://docs.datadoghq.com/tracing/trace_collection/custom_instrumentation/ruby/',
}
