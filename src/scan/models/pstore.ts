import type { Model } from '../model.ts'

/** Ruby's stores in a file: PStore, YAML::Store, and the DBM family. */
export const pstore: Model = {
  id: 'pstore',
  title: 'PStore',
  calls: [
    {
      on: ['PStore', 'YAML::Store', 'Psych::Store', 'DBM', 'GDBM', 'SDBM', 'Daybreak::DB', 'LMDB'],
      names: ['new', 'open'],
      type: 'file store',
      blockTakes: ['result'],
    },
    { on: ['file store'], names: ['transaction', 'lock', 'synchronize'], gives: ['block'], blockTakes: ['file store'] },
    {
      on: ['file store'],
      names: ['[]=', 'store', 'set', 'set!', 'update'],
      sink: { kind: 'file', takes: { positions: [0, 1] }, says: 'kept in a file' },
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/PStore.html',
}
