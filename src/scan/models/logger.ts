import type { Model } from '../model.ts'

/** Ruby's Logger, and whatever is called a logger: all of them share its words. */
export const logger: Model = {
  id: 'logger',
  title: 'Logger',
  values: { LOGGER: 'logger', LOG: 'logger', $logger: 'logger', $log: 'logger', Syslog: 'logger' },
  named: [{ pattern: /^(?:[@$]*)(?:\w+_)?log(?:ger)?$/i, type: 'logger' }],
  calls: [
    {
      on: [
        'Logger',
        'ActiveSupport::Logger',
        'ActiveSupport::TaggedLogging',
        'SemanticLogger',
        'Ougai::Logger',
        'Syslog::Logger',
        'Logging',
      ],
      names: ['new', 'logger', '[]'],
      type: 'logger',
    },
    { on: ['*'], names: ['logger'], type: 'logger' },
    {
      on: ['logger'],
      names: [
        'debug',
        'info',
        'warn',
        'error',
        'fatal',
        'unknown',
        'trace',
        'add',
        'log',
        '<<',
        'puts',
        'write',
        'notice',
        'crit',
        'err',
        'warning',
        'alert',
        'emerg',
      ],
      sink: { kind: 'log', takes: 'all', says: 'written to the log' },
    },
    { on: ['logger'], names: ['tagged', 'with', 'child'], gives: ['block'], type: 'logger' },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/Logger.html',
}
