import type { KeyKind } from '../../keys/kind.ts'
import { holdsInProduction } from '../flow/environments.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { isNear, targetOf } from '../flow/request-target.ts'
import type { Rule } from '../rule.ts'

export const keyToOtherHost: Rule = {
  id: 'key-to-other-host',
  about: 'program',
  title: 'API key is sent to a host that it is not for',
  severity: 'high',
  cwe: 201,
  explanation: `A key whose issuer is known, by its shape or the name of its variable, goes to a constant host that is none of
that issuer's.

Whoever runs that host has the key: a monitoring service, a translator of APIs, a mistyped name that somebody has
registered. A key of no known kind is not reported, nor is a host that only one's own network knows.

**Fix.** Send each key to its own host only. Give each upstream a client of its own, with its own key, so that no field is
shared between them.`,
  examples: {
    bad: [
      "require 'net/http'\nuri = URI('https://hooks.example.com/notify')\nrequest = Net::HTTP::Post.new(uri)\nrequest['Authorization'] = \"Bearer #{ENV['STRIPE_API_KEY']}\"\nNet::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }",
      "require 'faraday'\nHEADERS = { 'Authorization' => \"token #{ENV.fetch('GITHUB_TOKEN')}\" }\ndef report(text) = Faraday.post('https://status.example.org/report', text, HEADERS)",
      "require 'httparty'\nHTTParty.post('https://collect.example.net/event', body: { key: ENV['SENDGRID_API_KEY'] }.to_json)",
      "require 'stripe'\nStripe.api_key = ENV['STRIPE_SECRET_KEY']\nStripe.api_base = 'https://payments.example.com'",
    ],
    good: [
      "require 'net/http'\nuri = URI('https://api.stripe.com/v1/charges')\nrequest = Net::HTTP::Post.new(uri)\nrequest['Authorization'] = \"Bearer #{ENV['STRIPE_API_KEY']}\"\nNet::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }",
      "require 'stripe'\nStripe.api_key = ENV['STRIPE_SECRET_KEY']",
      "require 'stripe'\nStripe.api_key = ENV['STRIPE_SECRET_KEY']\nStripe.api_base = 'http://localhost:12111'",
      "require 'faraday'\nFaraday.post('https://api.example.com/report', '{}', { 'Authorization' => ENV['REPORT_API_KEY'] })",
      "require 'octokit'\nOctokit::Client.new(access_token: ENV['GITHUB_TOKEN'])",
    ],
  },
  *check({ flows, kindOf }) {
    for (const flow of flows) {
      if (flow.sink !== 'request' || !flow.detail || !holdsInProduction(flow.where)) continue
      const { host } = targetOf(flow.detail)
      if (host === undefined || isNear(host)) continue
      const keys = keysOf(flow, 'itself').filter(({ name }) => isForOthers(kindOf(name), host))
      if (keys.length === 0) continue
      const own = keys.flatMap(({ name }) => kindOf(name)?.hosts ?? [])
      yield {
        ...flow,
        message: `${inContext(flow.context)} sends ${keyNames(keys)} to ${host}, which is none of the hosts that it is for.`,
        fix: `Send ${keyNames(keys)} to ${own[0] ?? 'its own host'} only; give ${host} a key of its own.`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys), host],
      }
    }
  },
}

function isForOthers(kind: KeyKind | undefined, host: string): boolean {
  if (kind?.use !== 'travels' || kind.hosts.length === 0) return false
  return !kind.hosts.some((authority) => isHost(authority.replace(/:\d+$/, ''), host))
}

function isHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern
}
