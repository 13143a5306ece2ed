import type { Model } from '../model.ts'

export const dalli: Model = {
  id: 'dalli',
  title: 'Dalli and Memcached',
  calls: [
    { on: ['Dalli::Client', 'Memcached', 'Memcached::Rails', 'MemCache'], names: ['new'], type: 'memcached' },
    {
      on: ['memcached'],
      names: ['set', 'add', 'replace', 'append', 'prepend', 'set_multi', 'set_cas', '[]='],
      sink: { kind: 'cache', takes: { positions: [0, 1] }, says: 'kept in memcached' },
    },
    {
      on: ['memcached'],
      names: ['fetch', 'cas'],
      gives: ['block'],
      sink: { kind: 'cache', takes: 'all', says: 'kept in memcached' },
    },
    { on: ['memcached'], names: ['with'], gives: ['block'], blockTakes: ['memcached'] },
  ],
  documentation: 'https://github.com/petergoldstein/dalli',
}
