import { holdsInProduction } from '../flow/environments.ts'
import type { Detail } from '../flow/flow-record.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { isNear, targetOf } from '../flow/request-target.ts'
import type { Rule } from '../rule.ts'

export const redirectCarriesKey: Rule = {
  id: 'redirect-carries-key',
  about: 'program',
  title: 'API key follows a redirect to any host',
  severity: 'medium',
  cwe: 522,
  explanation: `A client that follows redirects (HTTParty, RestClient and open-uri by themselves, http.rb and HTTPClient where they
are told to) sends the same fields to wherever they lead: \`Authorization\`, \`X-Api-Key\`.

Who can make the upstream answer with a redirect, by a parameter in its URL, an open redirect or a configuration that points
elsewhere, has the key sent to a host of their own. A request to a constant \`https://\` address is reported only where the
program asks for redirects itself.

**Fix.** Follow no redirects with a key: \`follow_redirects: false\`, \`max_redirects: 0\`, \`redirect: false\`. Where one is
needed, look at the host that it leads to, and leave the key out for any other.`,
  examples: {
    bad: [
      "require 'httparty'\nBASE = ENV.fetch('ITEMS_URL')\ndef items = HTTParty.get(\"#{BASE}/v1/items\", headers: { 'Authorization' => \"Bearer #{ENV['ITEMS_API_KEY']}\" })",
      "require 'sinatra'\nrequire 'rest-client'\nget '/items/:id' do\n  RestClient.get(\"#{ENV['ITEMS_URL']}/#{params[:id]}\", { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })\n  'ok'\nend",
      "require 'open-uri'\nURI.open(ENV['FEED_URL'], 'Authorization' => \"Bearer #{ENV['FEED_API_KEY']}\").read",
      "require 'http'\nHTTP.timeout(5).auth(\"Bearer #{ENV['ITEMS_API_KEY']}\").follow.get('https://api.example.com/v1/items')",
    ],
    good: [
      "require 'httparty'\nHTTParty.get(ENV.fetch('ITEMS_URL'), follow_redirects: false, headers: { 'Authorization' => ENV['ITEMS_API_KEY'] })",
      "require 'rest-client'\nRestClient::Request.execute(method: :get, url: ENV['ITEMS_URL'], max_redirects: 0, headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })",
      "require 'open-uri'\nURI.open(ENV['FEED_URL'], 'Authorization' => \"Bearer #{ENV['FEED_API_KEY']}\", redirect: false).read",
      "require 'http'\nHTTP.timeout(5).auth(\"Bearer #{ENV['ITEMS_API_KEY']}\").get(ENV['ITEMS_URL'])",
      "require 'rest-client'\nRestClient.post(ENV['ITEMS_URL'], '{}', { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })",
      "require 'httparty'\nHTTParty.get('https://api.example.com/v1/items', headers: { 'Authorization' => ENV['ITEMS_API_KEY'] })",
      "require 'httparty'\nHTTParty.get(ENV['ITEMS_URL'], basic_auth: { username: 'app', password: ENV['ITEMS_PASSWORD'] })",
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      if (flow.sink !== 'request' || !flow.detail || !follows(flow.detail) || !holdsInProduction(flow.where)) continue
      // A redirect's own URL takes the place of the one that a key stood in.
      const keys = keysOf(flow, 'itself').filter(({ told }) => told !== 'url')
      if (keys.length === 0 || !mayLeadAway(flow.detail)) continue
      yield {
        ...flow,
        message: `${inContext(flow.context)} sends ${keyNames(keys)} on to whatever host a redirect leads to.`,
        fix: `Tell this request to follow no redirects, or leave ${keyNames(keys)} out for another host.`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys)],
      }
    }
  },
}

function follows({ redirects, method }: Detail): boolean {
  if (redirects === 'with fields' || redirects === 'with fields as told') return true
  return redirects === 'with fields of GET' && (method === undefined || method === 'GET' || method === 'HEAD')
}

/** Whoever chooses the host needs no redirect, and a plain connection is read by all: those are other findings. */
function mayLeadAway(detail: Detail): boolean {
  const { host, isTls, isChosen } = targetOf(detail)
  if (isChosen || (host !== undefined && (isTls === false || isNear(host)))) return false
  return host === undefined || detail.redirects === 'with fields as told'
}
