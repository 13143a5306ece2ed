import type { Model, SinkModel } from '../model.ts'

const cached: SinkModel = { kind: 'cache', takes: { positions: [0, 1] }, says: 'kept in the cache' }

/** ActiveSupport outside of Rails' own words: caches, and what instrumentation hands to every subscriber. */
export const activeSupport: Model = {
  id: 'active-support',
  title: 'ActiveSupport',
  calls: [
    {
      on: [
        ...['MemoryStore', 'FileStore', 'MemCacheStore', 'RedisCacheStore', 'NullStore'].map(
          (store) => `ActiveSupport::Cache::${store}`,
        ),
      ],
      names: ['new'],
      type: 'cache',
    },
    { on: ['ActiveSupport::Cache'], names: ['lookup_store'], type: 'cache' },
    { on: ['Rails', 'Padrino', 'Hanami'], names: ['cache'], type: 'cache' },
    {
      on: ['cache'],
      names: ['write', 'set', 'store', '[]=', 'add', 'replace', 'write_multi', 'set_multi', 'cas'],
      sink: cached,
    },
    {
      on: ['cache'],
      names: ['fetch', 'fetch_multi'],
      gives: ['block'],
      sink: { ...cached, takes: 'all' },
    },
    {
      on: ['ActiveSupport::Notifications'],
      names: ['instrument', 'publish', 'start', 'finish'],
      gives: ['block'],
      sink: { kind: 'telemetry', takes: { positions: [0, 1, 2] }, says: 'handed to every subscriber of notifications' },
    },
    {
      on: ['Rails'],
      names: ['error'],
      type: 'rails error reporter',
    },
    {
      on: ['rails error reporter'],
      names: ['report', 'set_context', 'unexpected'],
      sink: { kind: 'telemetry', takes: 'all', says: 'sent to the error tracker' },
    },
  ],
  documentation: 'https://api.rubyonrails.org/classes/ActiveSupport/Cache/Store.html',
}
