import type { Model } from '../model.ts'

export const moneta: Model = {
  id: 'moneta',
  title: 'Moneta',
  calls: [
    { on: ['Moneta'], names: ['new', 'build'], type: 'moneta' },
    {
      on: ['moneta'],
      names: ['[]=', 'store', 'create', 'merge!', 'update'],
      sink: { kind: 'cache', takes: { positions: [0, 1] }, says: 'kept in the store' },
    },
  ],
  documentation: 'https://github.com/moneta-rb/moneta',
}
