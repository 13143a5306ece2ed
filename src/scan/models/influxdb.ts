import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'telemetry', takes: 'all', says: 'sent as a metric' }

export const influxdb: Model = {
  id: 'influxdb',
  title: 'InfluxDB',
  calls: [
    // The token of the client is what it signs in with.
    {
      on: ['InfluxDB::Client', 'InfluxDB2::Client'],
      names: ['new', 'use'],
      type: 'influx client',
      blockTakes: ['result'],
    },
    { on: ['influx client'], names: ['create_write_api', 'write_api'], type: 'influx client' },
    { on: ['influx client'], names: ['write', 'write_point', 'write_points'], sink: sent },
    { on: ['InfluxDB2::Point'], names: ['new', 'from_hash'], gives: ['arguments'], type: 'influx point' },
    { on: ['influx point'], names: ['add_tag', 'add_field'], gives: ['receiver', 'arguments'], sink: sent },
  ],
  documentation: 'https://github.com/influxdata/influxdb-client-ruby',
}
