import type { Model } from '../model.ts'

const statement = { kind: 'statement', takes: { positions: [0] }, says: 'run as a statement' } as const

/** The drivers: SQLite3, PG, Mysql2. What they connect with is what they sign in with. */
export const sqlClients: Model = {
  id: 'sql-clients',
  title: 'SQLite3, PG and Mysql2',
  named: [{ pattern: /^(?:@{0,2}|\$)(?:db|database|sqlite3?|pg|postgres|mysql2?)$/, type: 'sql client' }],
  calls: [
    {
      on: ['SQLite3::Database', 'PG::Connection', 'Mysql2::Client', 'TinyTds::Client'],
      names: ['new', 'open'],
      type: 'sql client',
      blockTakes: ['sql client'],
    },
    { on: ['PG'], names: ['connect'], type: 'sql client', blockTakes: ['sql client'] },
    { on: ['sql client'], names: ['prepare'], type: 'sql client', sink: statement },
    { on: ['sql client'], names: ['transaction'], gives: ['block'], blockTakes: ['sql client'] },
    {
      on: ['sql client'],
      names: [
        ...['execute', 'execute2', 'execute_batch', 'exec', 'exec_params', 'async_exec', 'query', 'get_first_row'],
        ...['get_first_value', 'sync_exec', 'send_query'],
      ],
      sink: [{ kind: 'database', takes: 'all', says: 'written to the database' }, statement],
    },
    {
      on: ['sql client'],
      names: ['exec_prepared', 'bind_params'],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
  ],
  documentation: 'https://github.com/sparklemotion/sqlite3-ruby',
}
