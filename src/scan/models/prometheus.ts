import type { Model, SinkModel } from '../model.ts'

const exposed: SinkModel = { kind: 'telemetry', takes: 'all', says: 'exposed as a label of a metric' }
const kinds = ['Counter', 'Gauge', 'Histogram', 'Summary']

/** Labels of metrics are answered to whoever asks for them. */
export const prometheus: Model = {
  id: 'prometheus',
  title: 'Prometheus',
  calls: [
    { on: ['Prometheus::Client'], names: ['registry'], type: 'metrics registry' },
    { on: ['Prometheus::Client::Registry'], names: ['new'], type: 'metrics registry' },
    {
      on: ['metrics registry'],
      names: ['counter', 'gauge', 'histogram', 'summary', 'get'],
      type: 'prometheus metric',
      sink: { ...exposed, takes: { named: ['preset_labels'] } },
    },
    {
      on: kinds.map((kind) => `Prometheus::Client::${kind}`),
      names: ['new'],
      type: 'prometheus metric',
      sink: { ...exposed, takes: { named: ['preset_labels'] } },
    },
    { on: ['PrometheusExporter::Client'], names: ['default', 'new'], type: 'exporter client' },
    { on: ['exporter client'], names: ['register'], type: 'prometheus metric' },
    { on: ['exporter client'], names: ['send_json', 'send'], sink: exposed },
    {
      on: ['prometheus metric'],
      names: ['increment', 'decrement', 'set', 'observe', 'inc', 'dec', 'init_label_set'],
      sink: exposed,
    },
    { on: ['prometheus metric'], names: ['with_labels'], type: 'prometheus metric', sink: exposed },
  ],
  documentation: 'https://github.com/prometheus/client_ruby',
}
