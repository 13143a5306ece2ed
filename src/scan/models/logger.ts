import type { Model } from '../model.ts'

/** The words of levels that nearly every Ruby logger shares. */
export const logLevels: readonly string[] = [
  ...['debug', 'info', 'warn', 'error', 'fatal', 'unknown', 'trace', 'add', 'log', '<<', 'puts', 'write', 'print'],
  ...['notice', 'crit', 'critical', 'err', 'warning', 'alert', 'emerg', 'emergency', 'failure', 'success', 'verbose'],
]

/** Ruby's Logger and ActiveSupport's, and whatever is called a logger: all of them share its words. */
export const logger: Model = {
  id: 'logger',
  title: 'Logger',
  values: { LOGGER: 'logger', LOG: 'logger', $logger: 'logger', $log: 'logger' },
  named: [{ pattern: /^(?:[@$]*)(?:\w+_)?log(?:ger)?$/i, type: 'logger' }],
  calls: [
    {
      on: [
        ...['Logger', 'ActiveSupport::Logger', 'ActiveSupport::TaggedLogging', 'ActiveSupport::BufferedLogger'],
        ...['ActiveSupport::BroadcastLogger', 'Syslog::Logger', 'MonoLogger', 'Lumberjack::Logger'],
      ],
      names: ['new', 'logger'],
      type: 'logger',
    },
    { on: ['*'], names: ['logger'], type: 'logger' },
    {
      on: ['logger'],
      names: logLevels,
      sink: { kind: 'log', takes: 'all', says: 'written to the log', inspects: true },
    },
    // The block of `tagged` is the code that logs, and its value goes nowhere.
    {
      on: ['logger'],
      names: ['tagged', 'with', 'child', 'push_tags', 'with_tags', 'with_context', 'with_fields', 'tag', 'silence'],
      gives: ['block'],
      type: 'logger',
      blockTakes: ['result'],
      sink: { kind: 'log', takes: { positions: [0, 1, 2, 3] }, says: 'written with every line of the log' },
    },
    {
      on: ['logger'],
      names: ['formatter=', 'progname=', 'with_fields=', 'default_fields='],
      sink: { kind: 'log', takes: 'all', says: 'written with every line of the log' },
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/Logger.html',
}
