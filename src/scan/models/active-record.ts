import type { Model } from '../model.ts'

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
      names: ['execute', 'exec_query', 'exec_insert', 'exec_update', 'insert', 'update', 'select_all', 'select_value'],
      sink: { kind: 'database', takes: 'all', says: 'put in a statement, which databases log' },
    },
  ],
  documentation: 'https://api.rubyonrails.org/classes/ActiveRecord/Persistence.html',
}
