import type { Model } from '../model.ts'
import { logLevels } from './logger.ts'

/** The log of the async gems: `Console.info(self, …)`, `Console.logger.info(self, …)`. */
export const consoleLogger: Model = {
  id: 'console-logger',
  title: 'Console',
  structuring: ['Console', 'Console::Logger'],
  calls: [
    { on: ['Console::Logger'], names: ['new', 'instance'], type: 'logger' },
    {
      on: ['Console', 'Console::Event'],
      names: [...logLevels, 'call', 'exception'],
      sink: { kind: 'log', takes: 'all', says: 'written to the log' },
    },
  ],
  documentation: 'https://socketry.github.io/console/',
}
