import { withBareNamesFor } from '../flow/without-labels.ts'
import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInCache: Rule = {
  id: 'key-in-cache',
  about: 'program',
  title: 'API key is kept in a cache',
  severity: 'medium',
  cwe: 524,
  explanation: `A key is put in a cache: Redis, memcached, a cache of files.

A cache is shared: between services, often without a password or TLS, it is dumped to disk, and its monitor shows every
value. The key is then where nobody looks for it when it is replaced.

**Fix.** Cache what the upstream answered, not what was sent to it. A key is read from its store each time, or is kept in the
memory of the process for as long as a lease says.`,
  examples: {
    bad: [
      "Rails.cache.write('ledger-key', ENV.fetch('LEDGER_API_KEY'))",
      "require 'redis'\nREDIS = Redis.new(url: ENV['REDIS_ADDRESS'])\nREDIS.setex('sync:token', 3600, ENV['SYNC_TOKEN'])",
      "require 'dalli'\nclass Keys\n  def initialize\n    @cache = Dalli::Client.new('127.0.0.1:11211')\n  end\n\n  def load\n    @cache.set('signing', Vault.logical.read('secret/signing').data[:key])\n  end\nend",
      "def upstream_key\n  Rails.cache.fetch('upstream-key', expires_in: 3600) { ENV.fetch('UPSTREAM_API_KEY') }\nend",
    ],
    good: [
      "Rails.cache.fetch('rates', expires_in: 60) { Rates.load(ENV.fetch('RATES_API_KEY')).size }",
      "require 'redis'\nredis = Redis.new(password: ENV['REDIS_PASSWORD'])\nredis.set('cursor', '12')",
      "require 'dalli'\ncache = Dalli::Client.new('127.0.0.1:11211', username: 'app', password: ENV['MEMCACHE_PASSWORD'])\ncache.set('answer', 'ok')",
      "require 'digest'\nrequire 'redis'\nRedis.new.set('key-id', Digest::SHA256.hexdigest(ENV['SYNC_TOKEN']))",
    ],
  },
  *check({ flows }) {
    yield* keyLeaks(flows, 'cache', {
      verb: 'keeps',
      where: 'in a cache',
      fix: (names) => `Read ${names} where it is used, and cache what the upstream answers instead.`,
      correct: withBareNamesFor,
    })
  },
}
