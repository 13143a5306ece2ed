import type { Model } from '../model.ts'

/** Rake's `sh` writes the line that it runs to standard output, with the environment that it hands over. */
export const rake: Model = {
  id: 'rake',
  title: 'Rake',
  calls: [
    {
      on: ['', 'FileUtils', 'Rake'],
      names: ['sh', 'ruby'],
      sink: [
        { kind: 'command', takes: 'all', says: 'handed to a program as an argument' },
        {
          kind: 'log',
          takes: 'all',
          says: 'written to standard output with the line that is run',
          unless: 'verbose',
        },
      ],
    },
  ],
  documentation: 'https://ruby.github.io/rake/',
}
