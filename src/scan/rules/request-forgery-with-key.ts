import { holdsInProduction } from '../flow/environments.ts'
import { isGuarded } from '../flow/guards.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { targetOf } from '../flow/request-target.ts'
import type { Rule } from '../rule.ts'

export const requestForgeryWithKey: Rule = {
  id: 'request-forgery-with-key',
  about: 'program',
  title: 'The caller chooses where a key is sent',
  severity: 'critical',
  cwe: 918,
  cap: { grade: 'D', reason: 'callers have a key sent to any host' },
  explanation: `The host of a request that carries a key comes from what a client has sent: from a parameter, a field or the
content.

The client names a host of its own and has the key. It needs nothing else, and sees it in the first request. Where the answer
is passed on, the service's own network can be read the same way: its metadata address, its admin ports.

**Fix.** Look the host up: let clients choose among names that the service knows, and keep the addresses in the service. If
it must be an address, parse it, compare its host with a list, and attach no key.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'net/http'\nget '/fetch' do\n  uri = URI.parse(params[:url])\n  request = Net::HTTP::Get.new(uri)\n  request['Authorization'] = \"Bearer #{ENV['ITEMS_API_KEY']}\"\n  Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }\n  'ok'\nend",
      "require 'sinatra'\nrequire 'httparty'\npost '/region' do\n  HTTParty.post(\"https://#{params[:region]}.example.com/v1/items\", follow_redirects: false, headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })\n  'ok'\nend",
      "require 'sinatra/base'\nrequire 'faraday'\nclass App < Sinatra::Base\n  helpers do\n    def upstream(base)\n      Faraday.new(url: base, headers: { 'Authorization' => ENV.fetch('ITEMS_API_KEY') })\n    end\n  end\n  get '/items' do\n    upstream(params['base']).get('/v1/items')\n    'ok'\n  end\nend",
      "require 'rack'\nrequire 'excon'\nclass Relay\n  def call(env)\n    target = Rack::Request.new(env).params['target']\n    Excon.get(target, headers: { 'Authorization' => ENV['RELAY_TOKEN'] })\n    [200, {}, ['ok']]\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'httparty'\nget '/items/:id' do\n  HTTParty.get(\"https://api.example.com/v1/items/#{params[:id]}\", follow_redirects: false, headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })\n  'ok'\nend",
      "require 'sinatra'\nrequire 'excon'\nHOSTS = { 'eu' => 'https://eu.example.com', 'us' => 'https://us.example.com' }.freeze\nget '/items' do\n  base = HOSTS.fetch(params[:region])\n  Excon.get(\"#{base}/v1/items\", headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })\n  'ok'\nend",
      "require 'sinatra'\nrequire 'excon'\nALLOWED = %w[api.example.com].freeze\nget '/fetch' do\n  uri = URI.parse(params[:url])\n  halt 400 unless ALLOWED.include?(uri.host)\n  Excon.get(uri.to_s, headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })\n  'ok'\nend",
      "require 'sinatra'\nrequire 'faraday'\nget '/items' do\n  Faraday.new(url: 'https://api.example.com', headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] }).get('/v1/items', q: params[:q])\n  'ok'\nend",
    ],
  },
  *check({ flows, program, leavesOut }) {
    for (const flow of flows) {
      if (flow.sink !== 'request' || !flow.detail || !targetOf(flow.detail).isChosen) continue
      const keys = keysOf(flow, 'itself')
      if (keys.length === 0 || !holdsInProduction(flow.where) || isGuarded(flow, { program, leavesOut })) continue
      yield {
        ...flow,
        message: `${inContext(flow.context)} sends ${keyNames(keys)} to a host that the caller chooses.`,
        fix: `Look the host up by a name that the caller gives, and send ${keyNames(keys)} to that host only.`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys)],
      }
    }
  },
}
