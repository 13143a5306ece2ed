import { holdsInProduction } from '../flow/environments.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { isNear, targetOf } from '../flow/request-target.ts'
import type { Rule } from '../rule.ts'

export const keyOverPlainHttp: Rule = {
  id: 'key-over-plain-http',
  about: 'program',
  title: 'API key is sent without TLS',
  severity: 'high',
  cwe: 319,
  explanation: `A request that carries a key goes to a constant \`http://\` address of another machine.

Everybody on the way reads the key: the networks between, their proxies, and whoever answers for the name. That the host
redirects to \`https://\` does not help: the key has been sent by then.

Hosts with names that only one's own network knows are not reported, nor is the machine itself.

**Fix.** Write \`https://\`, or with Net::HTTP \`use_ssl = true\`.`,
  examples: {
    bad: [
      "require 'net/http'\nuri = URI('http://api.example.com/v1/items')\nrequest = Net::HTTP::Get.new(uri)\nrequest['Authorization'] = \"Bearer #{ENV['ITEMS_API_KEY']}\"\nNet::HTTP.start(uri.host, uri.port) { |http| http.request(request) }",
      "require 'faraday'\nconnection = Faraday.new('http://api.example.com')\nconnection.get('/v1/items', nil, { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })",
      "require 'rest-client'\nRestClient.post('http://api.example.com/v1/items', '{}', { Authorization: \"Bearer #{ENV['ITEMS_API_KEY']}\" })",
      "require 'excon'\nclass Items\n  BASE = 'http://api.example.com'\n  def all = Excon.get(\"#{BASE}/v1/items\", headers: { 'Authorization' => ENV.fetch('ITEMS_API_KEY') })\nend",
    ],
    good: [
      "require 'faraday'\nFaraday.new('https://api.example.com').get('/v1/items', nil, { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })",
      "require 'rest-client'\nRestClient.post('http://localhost:8200/v1/items', '{}', { Authorization: \"Bearer #{ENV['ITEMS_API_KEY']}\" })",
      "require 'excon'\nExcon.get('http://vault:8200/v1/items', headers: { 'X-Vault-Token' => ENV['VAULT_TOKEN'] })",
      "require 'net/http'\nuri = URI(ENV.fetch('ITEMS_URL'))\nNet::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') do |http|\n  http.get('/v1/items', { 'Authorization' => ENV['ITEMS_API_KEY'] })\nend",
      "require 'net/http'\nNet::HTTP.get(URI('http://example.com/status'))",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const keys = flow.sink === 'request' ? keysOf(flow, 'itself') : []
      if (keys.length === 0 || !isPlain(flow) || !holdsInProduction(flow.where)) continue
      const { shown } = targetOf(flow.detail ?? {})
      yield {
        ...flow,
        message: `${inContext(flow.context)} sends ${keyNames(keys)} to ${shown} without TLS.`,
        fix: `Ask ${shown.replace(/^http:/, 'https:')} instead.`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys), shown],
      }
    }
  },
}

function isPlain({ detail }: Flow): boolean {
  const { host, isTls } = targetOf(detail ?? {})
  return isTls === false && host !== undefined && !isNear(host)
}
