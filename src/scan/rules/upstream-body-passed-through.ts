import { labelsOf, problemAt } from '../flow/answered.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const upstreamBodyPassedThrough: Rule = {
  id: 'upstream-body-passed-through',
  about: 'program',
  title: 'An upstream’s answer is passed on unread',
  severity: 'low',
  cwe: 200,
  explanation: `A request that carries a key is answered by an upstream, and the answer's text or fields go to the client as they came.

What an upstream answers is not yours. Error pages of APIs and of the proxies in front of them repeat the request (\`invalid
key sk_…\`, all fields of it in a debug page), echo endpoints repeat it whole, and \`Set-Cookie\`, \`Location\` and tracing
fields hold what was meant for the service. The key is then answered to the client, by a line that never mentions it.

**Fix.** Read the answer: check its status, parse it, and answer with the entries that the client needs. Answer an
upstream's error with a text of your own.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'net/http'\nget '/rates' do\n  uri = URI('https://rates.example.com/v1')\n  request = Net::HTTP::Get.new(uri)\n  request['Authorization'] = \"Bearer #{ENV['RATES_API_KEY']}\"\n  Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }.body\nend",
      "require 'sinatra'\nrequire 'faraday'\nget '/rates' do\n  answer = Faraday.get('https://rates.example.com/v1', nil, { 'Authorization' => ENV['RATES_API_KEY'] })\n  halt answer.status, answer.body\nend",
      "require 'httparty'\nclass RatesController < ActionController::API\n  def index\n    answer = HTTParty.get('https://rates.example.com/v1', headers: { 'X-Api-Key' => ENV['RATES_API_KEY'] })\n    render plain: answer.body, status: answer.code\n  end\nend",
      "require 'httparty'\nclass Rates < Grape::API\n  get :rates do\n    answer = HTTParty.get('https://rates.example.com/v1', headers: { 'X-Api-Key' => ENV['RATES_API_KEY'] })\n    error!(answer.body, 502) unless answer.success?\n    { ok: true }\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'json'\nrequire 'net/http'\nget '/rates' do\n  uri = URI('https://rates.example.com/v1')\n  request = Net::HTTP::Get.new(uri)\n  request['Authorization'] = \"Bearer #{ENV['RATES_API_KEY']}\"\n  answer = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }\n  halt 502, 'no rates' unless answer.is_a?(Net::HTTPSuccess)\n  { rate: JSON.parse(answer.body).fetch('rate') }.to_json\nend",
      "require 'sinatra'\nrequire 'net/http'\nget('/page') { Net::HTTP.get(URI('https://www.example.com/')) }",
      "require 'sinatra'\nrequire 'faraday'\nget '/rates' do\n  answer = Faraday.get('https://rates.example.com/v1', nil, { 'Authorization' => ENV['RATES_API_KEY'] })\n  halt 502, \"the upstream answered #{answer.status}\" unless answer.success?\n  'ok'\nend",
      "require 'sinatra'\nrequire 'httparty'\nget '/rates' do\n  HTTParty.get('https://rates.example.com/v1', headers: { 'X-Api-Key' => ENV['RATES_API_KEY'] }).body.length.to_s\nend",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const passed = flow.sink === 'response' || flow.sink === 'field' ? labelsOf(flow, 'upstream') : []
      if (passed.length === 0) continue
      yield {
        ...problemAt(
          flow,
          passed,
          `passes on what an upstream answered to a request with ${keyNames(passed)}; if the answer repeats the request, the key is in it`,
          'Check the status, parse the answer, and answer with the entries that the client needs; answer an upstream’s error with a text of your own.',
        ),
        confidence: 'firm',
      }
    }
  },
}
