import type { Model } from '../model.ts'

const statement = { kind: 'statement', takes: { positions: [0] }, says: 'put in a statement as it is' } as const

export const sequel: Model = {
  id: 'sequel',
  title: 'Sequel',
  values: { DB: 'sequel' },
  calls: [
    { on: ['Sequel'], names: ['connect', 'sqlite', 'postgres', 'mysql2'], type: 'sequel', blockTakes: ['sequel'] },
    { on: ['sequel'], names: ['[]'], type: 'sequel rows', sink: { ...statement, where: /\s/ } },
    { on: ['sequel'], names: ['from'], type: 'sequel rows' },
    { on: ['Sequel'], names: ['lit', 'literal_string'], sink: statement },
    { on: ['sequel rows'], names: ['where', 'returning', 'exclude', 'filter'], type: 'sequel rows' },
    { on: ['sequel'], names: ['transaction'], gives: ['block'] },
    {
      on: ['sequel'],
      names: ['run', 'execute', 'execute_dui', 'execute_ddl', 'fetch', '<<'],
      sink: [{ kind: 'database', takes: 'all', says: 'put in a statement, which databases log' }, statement],
    },
    {
      on: ['sequel rows'],
      names: ['insert', 'update', 'insert_conflict', 'multi_insert', 'import', 'replace', 'insert_select'],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
    {
      on: ['Sequel::Model'],
      names: ['create', 'update', 'insert', 'find_or_create', 'multi_insert'],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
  ],
  documentation: 'https://sequel.jeremyevans.net/documentation.html',
}
