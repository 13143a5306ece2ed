import type { Model } from '../model.ts'

/** Its loggers write JSON, and have the words of Logger. */
export const ougai: Model = {
  id: 'ougai',
  title: 'Ougai',
  structuring: ['Ougai'],
  calls: [
    { on: ['Ougai::Logger', 'Ougai::ChildLogger'], names: ['new'], type: 'logger' },
    {
      on: ['logger'],
      names: ['before_log='],
      sink: { kind: 'log', takes: 'all', says: 'written with every line of the log' },
    },
  ],
  documentation: 'https://github.com/tilfin/ougai',
}
