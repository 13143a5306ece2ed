import type { Model } from '../model.ts'

/** `Dotenv.load` fills the environment; what it and `parse` give is a dictionary of the file. */
export const dotenv: Model = {
  id: 'dotenv',
  title: 'Dotenv',
  calls: [
    {
      on: ['Dotenv', 'Dotenv::Environment', 'Dotenv::Parser'],
      names: ['load', 'load!', 'overload', 'overload!', 'parse', 'new', 'call', 'overwrite'],
      type: 'configuration',
    },
  ],
  documentation: 'https://github.com/bkeepers/dotenv',
}
