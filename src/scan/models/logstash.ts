import type { Model } from '../model.ts'

export const logstash: Model = {
  id: 'logstash',
  title: 'LogStashLogger',
  structuring: ['LogStashLogger', 'LogStash::Event'],
  calls: [
    { on: ['LogStashLogger', 'LogStashLogger::MultiLogger'], names: ['new'], type: 'logger' },
    { on: ['LogStash::Event'], names: ['new'], gives: ['arguments'] },
  ],
  documentation: 'https://github.com/dwbutler/logstash-logger',
}
