import type { Model } from '../model.ts'

/** One line for each request of a Rails app, with what the app adds to it. */
export const lograge: Model = {
  id: 'lograge',
  title: 'Lograge',
  values: { Lograge: 'lograge' },
  calls: [
    { on: ['*'], names: ['lograge'], type: 'lograge' },
    {
      on: ['lograge'],
      names: ['custom_options=', 'custom_payload', 'before_format='],
      blockTakes: ['rails controller'],
      sink: { kind: 'log', takes: 'all', says: 'written with the line of each request' },
    },
  ],
  documentation: 'https://github.com/roidrage/lograge',
}
