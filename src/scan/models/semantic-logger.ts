import type { Model } from '../model.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

export const semanticLogger: Model = {
  id: 'semantic-logger',
  title: 'SemanticLogger',
  calls: [
    { on: ['SemanticLogger', 'SemanticLogger::Logger'], names: ['[]', 'new'], type: 'logger' },
    // `include SemanticLogger::Loggable` gives a `logger`.
    {
      on: ['logger'],
      names: levels.flatMap((level) => [`measure_${level}`, `benchmark_${level}`]),
      gives: ['block'],
      sink: {
        kind: 'log',
        takes: { positions: [0, 1] },
        says: 'written to the log',
      },
    },
    {
      on: ['logger'],
      names: ['measure', 'benchmark'],
      gives: ['block'],
      sink: { kind: 'log', takes: { positions: [1, 2] }, says: 'written to the log' },
    },
    {
      on: ['SemanticLogger'],
      names: ['tagged', 'named_tagged', 'push_tags', 'push_named_tags', 'on_log'],
      gives: ['block'],
      sink: { kind: 'log', takes: { positions: [0, 1, 2, 3] }, says: 'written with every line of the log' },
    },
  ],
  documentation: 'https://logger.rocketjob.io/api.html',
}
