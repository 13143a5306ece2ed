import type { Model } from '../model.ts'

/** `object.delay.call(arguments)` and `Delayed::Job.enqueue(job)`: the arguments are a row of the database. */
export const delayedJob: Model = {
  id: 'delayed-job',
  title: 'Delayed::Job',
  calls: [
    { on: ['*'], names: ['delay', 'delay_for', 'delay_until'], type: 'delayed call' },
    {
      on: ['delayed call'],
      names: ['*'],
      sink: { kind: 'queue', takes: 'all', says: 'put in the queue of a job' },
    },
    {
      on: ['Delayed::Job'],
      names: ['enqueue'],
      sink: { kind: 'queue', takes: 'all', says: 'put in the queue of a job' },
    },
    {
      on: ['Que::Job', 'GoodJob::Job'],
      names: ['enqueue'],
      sink: { kind: 'queue', takes: 'all', says: 'put in the queue of a job' },
    },
  ],
  documentation: 'https://github.com/collectiveidea/delayed_job',
}
