import { keysLeaving, problemAt } from '../flow/answered.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInField: Rule = {
  id: 'key-in-field',
  about: 'program',
  title: 'API key is in a field of an answer',
  severity: 'high',
  cwe: 200,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A key is put in a field (header) of an answer: \`X-Upstream-Key\`, \`Authorization\`, \`ETag\`, \`Link\`.

Fields are shown by every browser's tools and by \`curl -i\`, are copied by proxies and written to their logs, and are kept
by caches beside the body.

**Fix.** Leave the field out. A client that has to know which key was used is told a name that you have given it.`,
  examples: {
    bad: [
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :api_key, ENV['EXTERNAL_API_KEY']\n  get '/whoami' do\n    headers 'X-Upstream-Key' => settings.api_key\n    'ok'\n  end\nend",
      "require 'sinatra'\nafter { response.headers['X-Debug-Token'] = ENV['SERVICE_TOKEN'] }\nget('/') { 'ok' }",
      "require 'sinatra'\nget('/') { [200, { 'X-Key' => ENV['SERVICE_TOKEN'] }, ['ok']] }",
      "class AddKey\n  def initialize(app) = @app = app\n\n  def call(env)\n    status, headers, body = @app.call(env)\n    headers['X-Upstream-Key'] = ENV['EXTERNAL_API_KEY']\n    [status, headers, body]\n  end\nend",
      "class Orders < Grape::API\n  after { header 'X-Key', ENV['EXTERNAL_API_KEY'] }\n  get(:orders) { [] }\nend",
      "class OrdersController < ApplicationController\n  def index\n    response.set_header('X-Upstream-Key', ENV['EXTERNAL_API_KEY'])\n    head :no_content\n  end\nend\nclass ApplicationController < ActionController::API\nend",
    ],
    good: [
      "require 'sinatra'\nget '/' do\n  headers 'X-Key-Name' => 'billing-2026'\n  'ok'\nend",
      "require 'sinatra'\nget '/' do\n  headers 'X-Configured' => ENV['EXTERNAL_API_KEY'].to_s.empty?.to_s\n  'ok'\nend",
      "require 'sinatra'\nrequire 'digest'\nget '/' do\n  etag Digest::SHA256.hexdigest('page-7')\n  'ok'\nend",
      "class AddVersion\n  def initialize(app) = @app = app\n\n  def call(env)\n    status, headers, body = @app.call(env)\n    headers['X-Version'] = ENV.fetch('APP_VERSION', 'none')\n    [status, headers, body]\n  end\nend",
    ],
  },
  *check({ flows }) {
    for (const { flow, keys } of keysLeaving(flows, 'field'))
      yield problemAt(
        flow,
        keys,
        `answers with ${keyNames(keys)} in a field`,
        `Take ${keyNames(keys)} out of the answer’s fields; to tell keys apart, send a name that you have given the key.`,
      )
  },
}
