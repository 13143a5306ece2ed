import type { Model } from '../model.ts'

export const logging: Model = {
  id: 'logging',
  title: 'Logging',
  calls: [
    { on: ['Logging', 'Logging::Logger'], names: ['logger', '[]', 'new'], type: 'logger' },
    { on: ['Logging'], names: ['mdc', 'ndc'], type: 'logging context' },
    {
      on: ['logging context'],
      names: ['[]=', 'push', '<<'],
      sink: { kind: 'log', takes: 'all', says: 'written with every line of the log' },
    },
  ],
  documentation: 'https://github.com/TwP/logging',
}
