import type { Flow } from '../flow/flow-record.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

/** Every part of an answer. */
const answers = new Set<Flow['sink']>(['response', 'field', 'cookie', 'redirect', 'template'])

export const keyInResponse: Rule = {
  id: 'key-in-response',
  about: 'program',
  title: 'API key reaches an HTTP response',
  severity: 'high',
  cwe: 200,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A key that is read by the service is part of what a route answers: in the body, in a field, in a cookie, in a
redirect or in what a template is given.

Mutual TLS decides who may ask. It does not decide what is answered: every client with a certificate, every proxy that
ends TLS on the way and every cache and log of the client then has the key.

**Fix.** Answer with what the client needs, and never with the key. Where a client has to know *which* key is in use,
answer with a name that you have given it. Where a client needs to call the upstream itself, call it on the client's behalf.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }",
      "require 'sinatra'\nAPI_KEY = ENV.fetch('EXTERNAL_API_KEY')\nget '/config' do\n  { endpoint: 'https://api.example.com', key: API_KEY }.to_json\nend",
      "require 'sinatra'\nhelpers do\n  def api_key\n    ENV.fetch('EXTERNAL_API_KEY') { raise 'missing' }\n  end\nend\nget '/debug' do\n  halt 200, \"key is #{api_key}\"\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :api_key, ENV['EXTERNAL_API_KEY']\n  get '/whoami' do\n    headers 'X-Upstream-Key' => settings.api_key\n    'ok'\n  end\nend",
      "require 'sinatra'\nget('/env') { ENV.to_h.to_json }",
    ],
    good: [
      "require 'sinatra'\nget('/') { 'ok' }",
      "require 'sinatra'\nget('/health') { { configured: !ENV['STRIPE_API_KEY'].nil? }.to_json }",
      "require 'sinatra'\nrequire 'digest'\nget('/key-id') { Digest::SHA256.hexdigest(ENV['STRIPE_API_KEY'])[0, 8] }",
      "require 'sinatra'\nget('/where') { ENV['STRIPE_API_URL'] }",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const keys = answers.has(flow.sink) ? keysOf(flow, 'itself') : []
      if (keys.length === 0) continue
      yield {
        ...flow,
        message: `${inContext(flow.context)} answers with ${keyNames(keys)}.`,
        fix: `Leave ${keyNames(keys)} out of the answer; answer with what the client needs of the upstream’s result, or with a name for the key.`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys)],
      }
    }
  },
}
