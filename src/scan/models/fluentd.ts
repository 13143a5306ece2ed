import type { Model } from '../model.ts'

export const fluentd: Model = {
  id: 'fluentd',
  title: 'Fluentd',
  calls: [
    { on: ['Fluent::Logger'], names: ['new', 'open', 'open_fluent_logger'], type: 'fluent logger' },
    {
      on: ['Fluent::Logger::FluentLogger', 'Fluent::Logger::ConsoleLogger', 'Fluent::Logger::TextLogger'],
      names: ['new', 'open'],
      type: 'fluent logger',
    },
    {
      on: ['Fluent::Logger', 'fluent logger'],
      names: ['post', 'post_with_time'],
      sink: { kind: 'log', takes: 'all', says: 'sent to Fluentd' },
    },
  ],
  documentation: 'https://github.com/fluent/fluent-logger-ruby',
}
