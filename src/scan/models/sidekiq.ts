import type { Model, SinkModel } from '../model.ts'

const queued: SinkModel = {
  kind: 'queue',
  takes: 'all',
  says: 'put in the queue of a job, which Redis and the dashboard show',
}

export const sidekiq: Model = {
  id: 'sidekiq',
  title: 'Sidekiq',
  calls: [
    { on: ['*'], names: ['perform_async', 'perform_in', 'perform_at', 'perform_bulk', 'perform_unique'], sink: queued },
    {
      on: ['Sidekiq::Client', 'sidekiq client'],
      names: ['push', 'push_bulk', 'enqueue', 'enqueue_to', 'enqueue_in', 'enqueue_to_in'],
      sink: queued,
    },
    { on: ['Sidekiq::Client'], names: ['new'], type: 'sidekiq client' },
  ],
  documentation: 'https://github.com/sidekiq/sidekiq/wiki/Best-Practices',
}
