import { named, verifiesWhenTrue } from '../http-options.ts'
import type { Model } from '../model.ts'

export const mongo: Model = {
  id: 'mongo',
  title: 'MongoDB',
  calls: [
    {
      on: ['Mongo::Client'],
      names: ['new'],
      type: 'mongo client',
      options: [
        named('verification', 'ssl_verify', verifiesWhenTrue),
        named('verification', 'ssl_verify_certificate', verifiesWhenTrue),
        named('verification', 'ssl_verify_hostname', verifiesWhenTrue),
      ],
    },
    { on: ['mongo client'], names: ['[]', 'database', 'collection', 'use', 'with'], type: 'mongo client' },
    {
      on: ['mongo client'],
      names: [
        'insert_one',
        'insert_many',
        'update_one',
        'update_many',
        'replace_one',
        'find_one_and_update',
        'find_one_and_replace',
        'bulk_write',
      ],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
    {
      on: ['Mongoid::Document'],
      names: ['create', 'create!', 'update', 'update!', 'update_attributes', 'update_attribute', 'set'],
      sink: { kind: 'database', takes: 'all', says: 'written to the database' },
    },
  ],
  documentation: 'https://www.mongodb.com/docs/ruby-driver/current/',
}
