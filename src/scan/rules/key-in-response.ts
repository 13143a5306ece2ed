import { keysLeaving, problemAt } from '../flow/answered.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInResponse: Rule = {
  id: 'key-in-response',
  about: 'program',
  title: 'API key reaches an HTTP response',
  severity: 'high',
  cwe: 200,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A key that is read by the service is part of the body that a route, an action, an error handler or a middleware answers
with.

Mutual TLS decides who may ask. It does not decide what is answered: every client with a certificate, every proxy that
ends TLS on the way and every cache and log of the client then has the key.

**Fix.** Answer with what the client needs, and never with the key. Where a client has to know *which* key is in use,
answer with a name that you have given it. Where a client needs to call the upstream itself, call it on the client's behalf.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/') { ENV['STRIPE_API_KEY'] }",
      "require 'sinatra'\nAPI_KEY = ENV.fetch('EXTERNAL_API_KEY')\nget '/config' do\n  { endpoint: 'https://api.example.com', key: API_KEY }.to_json\nend",
      "require 'sinatra'\nhelpers do\n  def api_key\n    ENV.fetch('EXTERNAL_API_KEY') { raise 'missing' }\n  end\nend\nget '/debug' do\n  halt 200, \"key is #{api_key}\"\nend",
      "class UpstreamKeyController < ActionController::API\n  def show\n    render json: { name: 'billing', key: ENV.fetch('BILLING_API_KEY') }\n  end\nend",
      "class Keys < Grape::API\n  format :json\n  get(:current) { { key: ENV['EXTERNAL_API_KEY'] } }\nend",
      "class Diagnostics\n  def initialize(app)\n    @app = app\n    @token = ENV['SERVICE_TOKEN']\n  end\n\n  def call(env)\n    return [200, { 'content-type' => 'text/plain' }, [\"token #{@token}\"]] if env['PATH_INFO'] == '/_diagnostics'\n\n    @app.call(env)\n  end\nend",
      "require 'sinatra'\nrequire 'erb'\nPAGE = ERB.new('<p><%= key %></p>')\nget '/' do\n  PAGE.result_with_hash(key: ENV['MAPS_API_KEY'])\nend",
    ],
    good: [
      "require 'sinatra'\nget('/') { 'ok' }",
      "require 'sinatra'\nget('/health') { { configured: !ENV['STRIPE_API_KEY'].nil? }.to_json }",
      "require 'sinatra'\nrequire 'digest'\nget('/key-id') { Digest::SHA256.hexdigest(ENV['STRIPE_API_KEY'])[0, 8] }",
      "require 'sinatra'\nget('/where') { ENV['STRIPE_API_URL'] }",
      "class UpstreamKeyController < ActionController::API\n  def show\n    render json: { name: 'billing', configured: ENV.key?('BILLING_API_KEY') }\n  end\nend",
    ],
  },
  *check({ flows }) {
    for (const { flow, keys } of keysLeaving(flows, 'response'))
      yield problemAt(
        flow,
        keys,
        `answers with ${keyNames(keys)}`,
        `Leave ${keyNames(keys)} out of the answer; answer with what the client needs of the upstream’s result, or with a name for the key.`,
      )
  },
}
