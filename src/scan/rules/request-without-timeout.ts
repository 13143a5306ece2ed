import { holdsInProduction } from '../flow/environments.ts'
import type { Detail } from '../flow/flow-record.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const requestWithoutTimeout: Rule = {
  id: 'request-without-timeout',
  about: 'program',
  title: 'Request with a key waits without limit',
  severity: 'low',
  cwe: 1088,
  explanation: `A request that carries a key has no limit of time: the client has none of its own (http.rb, Typhoeus, Curb,
async-http), or was told to have none.

An upstream that accepts the connection and says nothing holds the thread, and with it the request, its key and whatever was
built around it, for as long as it likes; a few of them stop the service. Clients with limits of their own (Net::HTTP and
what is built on it, Excon, HTTPClient: a minute) are not reported.

**Fix.** Give the client a limit to connect and one for the answer: a few seconds each.`,
  examples: {
    bad: [
      "require 'http'\nHTTP.auth(\"Bearer #{ENV['ITEMS_API_KEY']}\").get('https://api.example.com/v1/items')",
      "require 'typhoeus'\nTyphoeus.get('https://api.example.com/v1/items', headers: { 'Authorization' => \"Bearer #{ENV['ITEMS_API_KEY']}\" })",
      "require 'curb'\nclass Items\n  def fetch\n    Curl.get('https://api.example.com/v1/items') { |curl| curl.headers['X-Api-Key'] = ENV.fetch('ITEMS_API_KEY') }\n  end\nend",
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.read_timeout = nil\nhttp.get('/v1/items', { 'Authorization' => ENV['ITEMS_API_KEY'] })",
    ],
    good: [
      "require 'http'\nHTTP.timeout(connect: 2, read: 5).auth(\"Bearer #{ENV['ITEMS_API_KEY']}\").get('https://api.example.com/v1/items')",
      "require 'typhoeus'\nTyphoeus.get('https://api.example.com/v1/items', timeout: 5, headers: { 'Authorization' => ENV['ITEMS_API_KEY'] })",
      "require 'timeout'\nrequire 'http'\nTimeout.timeout(5) { HTTP.headers('X-Api-Key' => ENV['ITEMS_API_KEY']).get('https://api.example.com/v1/items') }",
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.get('/v1/items', { 'Authorization' => ENV['ITEMS_API_KEY'] })",
      "require 'http'\nHTTP.get('https://example.com/status')",
    ],
  },
  *check({ flows }) {
    const lifted = Map.groupBy(
      flows.filter(({ sink, detail }) => sink === 'option' && detail && liftsLimit(detail)),
      ({ file, context }) => `${file.path} ${context}`,
    )
    for (const flow of flows) {
      const keys = flow.sink === 'request' ? keysOf(flow, 'itself') : []
      if (keys.length === 0 || !flow.detail || isLimited(flow.detail) || !holdsInProduction(flow.where)) continue
      const [told, ...others] = lifted.get(`${flow.file.path} ${flow.context}`) ?? []
      // Where one line of the function takes the limit away, that is the line to change.
      const at =
        told && others.length === 0 && /^(?:nil|null|None)$/.test(told.file.text.slice(told.start, told.end))
          ? told
          : undefined
      yield {
        ...flow,
        ...(at ? { start: at.start, end: at.end, correction: '5' } : {}),
        message: `${inContext(flow.context)} sends ${keyNames(keys)} with a request that waits for its answer without limit.`,
        fix: 'Give the client a limit of a few seconds to connect and one for the answer.',
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys), flow.name],
      }
    }
  },
}

function liftsLimit({ readTimeout, totalTimeout }: Detail): boolean {
  return readTimeout === null || totalTimeout === null
}

function isLimited({ readTimeout, totalTimeout }: Detail): boolean {
  return [readTimeout, totalTimeout].some((limit) => limit !== undefined && limit !== null && limit !== 0)
}
