import type { Model, SinkModel } from '../model.ts'

const exposed: SinkModel = { kind: 'telemetry', takes: 'all', says: 'exposed as a label of a metric' }

export const yabeda: Model = {
  id: 'yabeda',
  title: 'Yabeda',
  values: { Yabeda: 'yabeda' },
  calls: [
    { on: ['yabeda'], names: ['configure', 'configure!'], gives: ['block'] },
    {
      on: ['yabeda'],
      names: ['with_tags', 'default_tag'],
      gives: ['block'],
      sink: { ...exposed, takes: { positions: [0, 1] } },
    },
    // `Yabeda.group.metric.increment({ label: value })`
    { on: ['yabeda'], names: ['*'], type: 'yabeda' },
    { on: ['yabeda'], names: ['increment', 'decrement', 'set', 'measure', 'observe'], sink: exposed },
  ],
  documentation: 'https://github.com/yabeda-rb/yabeda',
}
