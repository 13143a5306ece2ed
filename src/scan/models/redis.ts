import { named, verificationModes, verifiesWhenTrue } from '../http-options.ts'
import type { Model } from '../model.ts'

const writes = [
  ...[
    'set',
    'setex',
    'psetex',
    'setnx',
    'getset',
    'append',
    'mset',
    'msetnx',
    'hset',
    'hsetnx',
    'hmset',
    'mapped_mset',
  ],
  ...['mapped_hmset', 'sadd', 'sadd?', 'zadd', 'setrange', '[]=', 'pfadd'],
]

const verifies = [
  named('verification', 'ssl_params.verify_mode', verificationModes),
  named('verification', 'ssl_params.verify_hostname', verifiesWhenTrue),
]

/** Redis as a store and as a queue; what a client is made with is what it signs in with. */
export const redis: Model = {
  id: 'redis',
  title: 'Redis',
  values: { REDIS: 'redis', $redis: 'redis' },
  named: [{ pattern: /^[@$]?redis(?:_client)?$/i, type: 'redis' }],
  calls: [
    {
      on: ['Redis', 'Redis::Namespace', 'RedisClient', 'Redis::Distributed', 'Redis::Store'],
      names: ['new', 'current', 'connect'],
      type: 'redis',
      options: verifies,
    },
    { on: ['RedisClient'], names: ['config', 'sentinel'], type: 'redis configuration', options: verifies },
    // What a job queue, a cable and a cache connect to.
    { on: ['*'], names: ['redis=', 'cache_store='], options: verifies },
    { on: ['ConnectionPool'], names: ['new'], type: 'connection pool', gives: ['block'] },
    { on: ['ConnectionPool::Wrapper'], names: ['new'], gives: ['block'] },
    { on: ['connection pool'], names: ['with'], gives: ['block'], blockTakes: ['redis'] },
    { on: ['redis'], names: ['pipelined', 'multi', 'with'], gives: ['block'], blockTakes: ['redis'] },
    { on: ['redis'], names: writes, sink: { kind: 'cache', takes: 'all', says: 'kept in Redis' } },
    {
      on: ['redis'],
      names: ['lpush', 'rpush', 'lpushx', 'rpushx', 'linsert', 'lset', 'xadd', 'publish'],
      sink: { kind: 'queue', takes: 'all', says: 'put in a queue of Redis' },
    },
  ],
  documentation: 'https://github.com/redis/redis-rb',
}
