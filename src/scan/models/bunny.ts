import { named, verifiesWhenTrue } from '../http-options.ts'
import type { Model, SinkModel } from '../model.ts'

const published: SinkModel = { kind: 'queue', takes: 'all', says: 'published as a message' }

/** RabbitMQ and its like. What they connect with is what they sign in with. */
export const bunny: Model = {
  id: 'bunny',
  title: 'Bunny',
  calls: [
    {
      on: ['Bunny', 'MarchHare', 'Stomp::Client', 'NATS'],
      names: ['new', 'connect'],
      type: 'broker',
      options: [named('verification', 'verify_peer', verifiesWhenTrue)],
    },
    {
      on: ['broker'],
      names: [
        'start',
        'create_channel',
        'channel',
        'default_exchange',
        'queue',
        'direct',
        'fanout',
        'topic',
        'headers',
        'exchange',
        'temporary_queue',
      ],
      type: 'broker',
    },
    { on: ['broker'], names: ['with_channel'], gives: ['block'], blockTakes: ['broker'] },
    { on: ['broker'], names: ['publish', 'basic_publish', 'request'], sink: published },
    { on: ['Sneakers', 'Sneakers::Publisher', 'Hutch'], names: ['publish'], sink: published },
  ],
  documentation: 'http://rubybunny.info/articles/exchanges.html',
}
