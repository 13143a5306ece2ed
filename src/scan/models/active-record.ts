import type { Model } from '../model.ts'

const statement = { kind: 'statement', takes: { positions: [0] }, says: 'put in a statement as it is' } as const

/** What is written beside a column in a condition; a name alone is none. */
const condition = /[=<>(]|\s(?:like|ilike|in|is|between|not)\b/i

const bases = ['ActiveRecord::Base', 'ApplicationRecord', 'ActiveRecord::Migration']

/** Rows that a service writes. */
export const activeRecord: Model = {
  id: 'active-record',
  title: 'ActiveRecord',
  encrypting: ['encrypts', 'attr_encrypted', 'has_encrypted', 'lockbox_encrypts', 'crypt_keeper'],
  calls: [
    {
      on: bases,
      names: [
        ...[
          'create',
          'create!',
          'insert',
          'insert!',
          'insert_all',
          'insert_all!',
          'upsert',
          'upsert_all',
          'update_all',
        ],
        ...['update', 'update!', 'update_attribute', 'update_attributes', 'update_column', 'update_columns'],
        ...['find_or_create_by', 'find_or_create_by!', 'create_or_find_by', 'create_or_find_by!', 'create_with'],
      ],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
    {
      on: ['*'],
      names: ['update_column', 'update_columns', 'update_attribute', 'update_attributes', 'insert_all', 'upsert_all'],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
    { on: ['*'], names: ['connection'], type: 'database connection' },
    {
      on: ['database connection'],
      names: [
        ...['execute', 'exec_query', 'exec_insert', 'exec_update', 'insert', 'update', 'select_all', 'select_value'],
        ...['exec_delete', 'delete', 'select_one', 'select_rows', 'select_values'],
      ],
      sink: [{ kind: 'database', takes: 'all', says: 'put in a statement, which databases log' }, statement],
    },
    {
      on: ['*'],
      names: ['where', 'rewhere', 'having', 'find_by_sql', 'count_by_sql', 'exec_query', 'select_all'],
      type: 'rows',
      sink: { ...statement, where: condition },
    },
    {
      on: [...bases, 'rows'],
      names: [
        ...['where', 'having', 'joins', 'from', 'group', 'find_by_sql', 'count_by_sql', 'delete_by', 'destroy_by'],
        ...['find_by', 'find_by!', 'update_all', 'lock', 'optimizer_hints'],
      ],
      type: 'rows',
      sink: statement,
    },
    // What these are given is looked at: a column and a direction, or an error.
    { on: [...bases, 'rows'], names: ['order', 'reorder', 'limit', 'offset', 'includes', 'not', 'all'], type: 'rows' },
    { on: ['Arel'], names: ['sql'], sink: statement },
  ],
  documentation: 'https://api.rubyonrails.org/classes/ActiveRecord/Persistence.html',
}
