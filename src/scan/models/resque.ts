import type { Model, SinkModel } from '../model.ts'

const queued: SinkModel = {
  kind: 'queue',
  takes: 'all',
  says: 'put in the queue of a job, which Redis and the dashboard show',
}

export const resque: Model = {
  id: 'resque',
  title: 'Resque',
  calls: [
    {
      on: ['Resque'],
      names: ['enqueue', 'enqueue_to', 'enqueue_in', 'enqueue_at', 'enqueue_in_with_queue', 'push'],
      sink: queued,
    },
    { on: ['Resque::Job'], names: ['create'], sink: queued },
  ],
  documentation: 'https://github.com/resque/resque',
}
