import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent to Scout' }

export const scoutApm: Model = {
  id: 'scout-apm',
  title: 'Scout',
  calls: [
    { on: ['ScoutApm::Context'], names: ['add', 'add_user'], sink: sent },
    { on: ['ScoutApm::Error'], names: ['capture'], sink: sent },
    { on: ['ScoutApm::Transaction'], names: ['rename'], sink: sent },
  ],
  documentation: 'https://scoutapm.com/docs/ruby',
}
