import type { Model } from '../model.ts'

/** Structured logs; its channels have the words of Logger. */
export const cabin: Model = {
  id: 'cabin',
  title: 'Cabin',
  structuring: ['Cabin', 'Cabin::Channel'],
  calls: [
    { on: ['Cabin::Channel'], names: ['get', 'new'], type: 'cabin channel' },
    {
      on: ['cabin channel'],
      names: ['debug', 'info', 'warn', 'error', 'fatal', 'log', 'publish', 'dataify', 'time'],
      sink: { kind: 'log', takes: 'all', says: 'written to the log' },
    },
    { on: ['cabin channel'], names: ['context'], type: 'cabin context' },
    {
      on: ['cabin channel', 'cabin context'],
      names: ['[]='],
      sink: { kind: 'log', takes: 'all', says: 'written with every line of the log' },
    },
  ],
  documentation: 'https://github.com/jordansissel/ruby-cabin',
}
