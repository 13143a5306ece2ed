import type { KeyKind } from '../../keys/kind.ts'
import type { Flow } from '../flow/flow-record.ts'
import { stepsOf } from '../flow/flows-at.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { remembered } from '../flow/remembered.ts'
import { spansOf } from '../flow/spans.ts'
import type { Rule } from '../rule.ts'

export const keyInUrl: Rule = {
  id: 'key-in-url',
  about: 'program',
  title: 'API key is put in a URL',
  severity: 'medium',
  cwe: 598,
  explanation: `A key stands in the path or the query of a URL.

URLs are written down where bodies and fields are not: in the access logs of every server and proxy on the way, in error
messages (\`URI\` quotes the whole URL when it cannot parse it), in traces and metrics, in \`Referer\`.

**Fix.** Send the key in a request field. Nearly every API that takes it in the query takes \`Authorization\` or a field of
its own too.`,
  examples: {
    bad: [
      "require 'httparty'\nHTTParty.get(ENV['ITEMS_URL'], query: { auth_token: ENV['ITEMS_API_KEY'] })",
      "require 'net/http'\nuri = URI(\"https://api.example.com/v1/items?api_key=#{ENV['ITEMS_API_KEY']}\")\nNet::HTTP.get(uri)",
      "require 'uri'\nKEY = ENV['MAPS_API_KEY']\ndef geocode(place)\n  uri = URI('https://maps.example.com/geocode')\n  uri.query = URI.encode_www_form(address: place, key: KEY)\n  uri\nend",
      "require 'httparty'\nHTTParty.get('https://api.example.com/weather', query: { q: 'Berlin', appid: ENV['WEATHER_API_KEY'] })",
    ],
    good: [
      "require 'net/http'\nuri = URI('https://api.example.com/v1/items')\nrequest = Net::HTTP::Get.new(uri)\nrequest['Authorization'] = \"Bearer #{ENV['ITEMS_API_KEY']}\"\nNet::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }",
      "uri = URI(ENV['SERVICE_URL'])",
    ],
  },
  *check({ flows, kindOf }) {
    const isAnswered = answering(flows)
    for (const flow of flows) {
      // A database's URL is no request's, and a webhook's is the key itself: nobody could send it otherwise.
      const keys = flow.sink === 'url' ? keysOf(flow, 'itself').filter(({ name }) => !isUrl(kindOf(name))) : []
      // A redirect to such a URL is answered to the client: one leak, and the worse one.
      if (keys.length === 0 || isAnswered(flow)) continue
      yield {
        ...flow,
        message: `${inContext(flow.context)} puts ${keyNames(keys)} in a URL, which logs, proxies and error messages repeat.`,
        fix: keys.every(({ name }) => kindOf(name)?.use === 'stays')
          ? `Keep ${keyNames(keys)} out of every request: only this service works with it. Replace it if the URL was ever asked for.`
          : `Send ${keyNames(keys)} in a request field: request['Authorization'] = "Bearer …".`,
        ...pathsOf(keys),
        identity: [flow.context, keyNames(keys)],
      }
    }
  },
}

function isUrl(kind: KeyKind | undefined): boolean {
  return kind?.shape?.prefixes.every((prefix) => prefix.includes('://')) ?? false
}

/** Where a client sees the URL. */
const shown = new Set<Flow['sink']>(['response', 'redirect', 'field', 'cookie'])

/** Whether a URL is answered to the client: within the call that answers, or built first and answered later. */
function answering(flows: readonly Flow[]): (flow: Flow) => boolean {
  const calls = Map.groupBy(
    flows.filter(({ sink, name }) => shown.has(sink) && (name !== '' || sink === 'field')),
    ({ file }) => file.path,
  )
  const redirected = stepsOf(flows.flatMap(({ sink, labels }) => (sink === 'redirect' ? labels : [])))
  const steps = Map.groupBy(redirected, ({ file }) => file.path)
  const callsIn = remembered((path) => spansOf(calls.get(path) ?? []))
  const stepsIn = remembered((path) => spansOf(steps.get(path) ?? []))
  return (flow) => callsIn(flow.file.path).hasAround(flow) || stepsIn(flow.file.path).hasWithin(flow)
}
