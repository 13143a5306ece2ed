import type { Model, SourceModel } from '../model.ts'

const source: SourceModel = { label: 'key', named: 'argument', says: 'is read from the key-value store' }

/** Consul and etcd: entries with a secret’s name. */
export const keyValueStores: Model = {
  id: 'key-value-stores',
  title: 'Consul and etcd',
  calls: [
    { on: ['Diplomat::Kv'], names: ['get', 'get_all'], source },
    { on: ['Diplomat', 'Consul::Client'], names: ['kv', 'key_value'], type: 'key-value store' },
    { on: ['Etcdv3', 'Etcd'], names: ['new', 'client'], type: 'key-value store' },
    { on: ['Etcd::Client'], names: ['new'], type: 'key-value store' },
    { on: ['key-value store'], names: ['get', 'read'], source },
  ],
  documentation: 'https://github.com/WeAreFarmGeek/diplomat',
}
