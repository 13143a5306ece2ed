import { named, verifiesWhenTrue } from '../http-options.ts'
import type { Model, SinkModel } from '../model.ts'

const produced: SinkModel = { kind: 'queue', takes: 'all', says: 'produced as a message' }

/** ruby-kafka, rdkafka, WaterDrop, Karafka, Racecar's DeliveryBoy. */
export const kafka: Model = {
  id: 'kafka',
  title: 'Kafka',
  calls: [
    {
      on: ['Kafka', 'Rdkafka::Config', 'WaterDrop::Producer', 'Kafka::Client'],
      names: ['new'],
      type: 'kafka',
      blockTakes: ['kafka'],
      options: [named('verification', 'ssl_verify_hostname', verifiesWhenTrue)],
    },
    { on: ['Karafka'], names: ['producer'], type: 'kafka' },
    { on: ['kafka'], names: ['producer', 'async_producer'], type: 'kafka' },
    {
      on: ['kafka'],
      names: ['produce', 'deliver_message', 'produce_async', 'produce_sync', 'produce_many_async', 'produce_many_sync'],
      sink: produced,
    },
    { on: ['DeliveryBoy'], names: ['deliver', 'deliver_async', 'produce'], sink: produced },
  ],
  documentation: 'https://github.com/zendesk/ruby-kafka',
}
