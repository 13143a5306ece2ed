import { withBareNamesFor } from '../flow/without-labels.ts'
import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInQueue: Rule = {
  id: 'key-in-queue',
  about: 'program',
  title: 'API key is put in a queue',
  severity: 'medium',
  cwe: 312,
  explanation: `A key is an argument of a background job, or part of a message that is published.

Queues keep their messages in clear in Redis, in a table or on a broker's disk; dashboards show the arguments of jobs, logs
repeat them when a job begins and when it fails, and failed jobs stay for months.

**Fix.** Give the job the name of what it works on, and let the worker read the key where it uses it.`,
  examples: {
    bad: [
      "class SyncJob\n  include Sidekiq::Job\n  def perform(account, token); end\nend\nSyncJob.perform_async(12, ENV.fetch('SYNC_TOKEN'))",
      "class ExportJob < ApplicationJob\nend\nExportJob.set(wait: 60).perform_later(key: ENV['EXPORT_API_KEY'])",
      "require 'bunny'\nconnection = Bunny.new(ENV['AMQP_ADDRESS']).start\nexchange = connection.create_channel.default_exchange\nexchange.publish({ token: ENV['SYNC_TOKEN'] }.to_json, routing_key: 'sync')",
      "require 'aws-sdk-sqs'\ndef enqueue(key)\n  Aws::SQS::Client.new.send_message(queue_url: 'https://sqs.example.com/q', message_body: { key: key }.to_json)\nend\nenqueue(ENV.fetch('UPSTREAM_API_KEY'))",
    ],
    good: [
      "class SyncJob\n  include Sidekiq::Job\n  def perform(account)\n    Upstream.call(account, ENV.fetch('SYNC_TOKEN'))\n  end\nend\nSyncJob.perform_async(12)",
      "require 'bunny'\nconnection = Bunny.new(host: 'queue', password: ENV['AMQP_PASSWORD']).start\nconnection.create_channel.default_exchange.publish('go', routing_key: 'sync')",
      "Resque.enqueue(Sync, 'ledger')",
      "require 'aws-sdk-sqs'\nclient = Aws::SQS::Client.new(secret_access_key: ENV['AWS_SECRET_ACCESS_KEY'])\nclient.send_message(queue_url: 'https://sqs.example.com/q', message_body: 'go')",
    ],
  },
  *check({ flows }) {
    yield* keyLeaks(flows, 'queue', {
      verb: 'puts',
      where: 'in a queue',
      fix: (names) => `Let the worker read ${names} itself, and put only a name in the queue.`,
      correct: withBareNamesFor,
    })
  },
}
