import type { Model } from '../model.ts'

export const activeJob: Model = {
  id: 'active-job',
  title: 'ActiveJob',
  calls: [
    {
      on: ['*'],
      names: ['perform_later', 'perform_all_later'],
      sink: { kind: 'queue', takes: 'all', says: 'put in the queue of a job, and written to the log with it' },
    },
  ],
  documentation: 'https://guides.rubyonrails.org/active_job_basics.html',
}
