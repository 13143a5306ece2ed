import { everywhere, holdsInProduction } from '../flow/environments.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, keyNames, keysOf } from '../flow/key-labels.ts'
import { remembered } from '../flow/remembered.ts'
import { firstNotBefore } from '../flow/spans.ts'
import { branchesAround } from '../flow/tests-around.ts'
import type { Label } from '../flow/value.ts'
import type { ProgramEvidence, Rule } from '../rule.ts'

export const httpDebugOutput: Rule = {
  id: 'http-debug-output',
  about: 'program',
  title: 'HTTP client writes its requests down',
  severity: 'high',
  cwe: 532,
  explanation: `An HTTP client that sends a key is told to write its requests to a stream or a log, with all their fields:
\`set_debug_output\`, \`debug_output\`, a \`:logger\` middleware, \`verbose\`.

The \`Authorization\` field is then in the log of every request, in production as on the developer's machine.

**Fix.** Take the line out, or make it depend on the environment. To know what was asked, log the method, the host and the
status yourself; Faraday's logger takes \`headers: false\`, or a block with filters.`,
  examples: {
    bad: [
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.set_debug_output($stdout)\nrequest = Net::HTTP::Get.new('/v1/items')\nrequest['Authorization'] = \"Bearer #{ENV['ITEMS_API_KEY']}\"\nhttp.request(request)",
      "require 'faraday'\nconnection = Faraday.new(url: 'https://api.example.com') do |f|\n  f.request :authorization, 'Bearer', ENV.fetch('ITEMS_API_KEY')\n  f.response :logger\nend\nconnection.get('/v1/items')",
      "require 'httparty'\nclass Items\n  include HTTParty\n  base_uri 'https://api.example.com'\n  debug_output $stdout\n  def all = self.class.get('/v1/items', headers: { 'X-Api-Key' => ENV['ITEMS_API_KEY'] })\nend",
      "require 'rest-client'\nRestClient.log = $stdout\nRestClient.post('https://api.example.com/v1/items', '{}', { Authorization: \"Bearer #{ENV['ITEMS_API_KEY']}\" })",
      "require 'typhoeus'\nTyphoeus.get('https://api.example.com/v1/items', timeout: 5, verbose: true, headers: { 'Authorization' => ENV['ITEMS_API_KEY'] })",
      "require 'curb'\nCurl::Easy.new('https://api.example.com/v1/items') do |curl|\n  curl.timeout = 5\n  curl.headers['Authorization'] = ENV['ITEMS_API_KEY']\n  curl.verbose = true\nend.perform",
    ],
    good: [
      "require 'faraday'\nconnection = Faraday.new(url: 'https://api.example.com') do |f|\n  f.request :authorization, 'Bearer', ENV.fetch('ITEMS_API_KEY')\n  f.response :logger, nil, headers: false\nend\nconnection.get('/v1/items')",
      "require 'faraday'\nconnection = Faraday.new(url: 'https://api.example.com') do |f|\n  f.request :authorization, 'Bearer', ENV.fetch('ITEMS_API_KEY')\n  f.response :logger do |logger|\n    logger.filter(/(Authorization: ).*/, '\\1…')\n  end\nend\nconnection.get('/v1/items')",
      "require 'net/http'\nhttp = Net::HTTP.new('example.com', 443)\nhttp.use_ssl = true\nhttp.set_debug_output($stdout)\nhttp.get('/status')",
      "require 'net/http'\nhttp = Net::HTTP.new('api.example.com', 443)\nhttp.use_ssl = true\nhttp.set_debug_output($stdout) if ENV['RACK_ENV'] == 'development'\nrequest = Net::HTTP::Get.new('/v1/items')\nrequest['Authorization'] = \"Bearer #{ENV['ITEMS_API_KEY']}\"\nhttp.request(request)",
      "require 'typhoeus'\nTyphoeus.get('https://api.example.com/v1/items', timeout: 5, headers: { 'Authorization' => ENV['ITEMS_API_KEY'] })",
    ],
  },
  *check(evidence) {
    const { flows } = evidence
    const keysFor = writtenDown(flows)
    for (const flow of flows) {
      if (flow.sink !== 'option' || flow.name !== 'debugOutput' || !holdsInProduction(flow.where)) continue
      const keys = keysFor(flow)
      if (keys.length === 0 || isConditional(evidence, flow)) continue
      const { file, start, end, context, holds } = flow
      const correction = turnedOff(file.text.slice(start, end))
      yield {
        file,
        start,
        end,
        ...(correction === undefined ? {} : { correction }),
        message: `${inContext(context)} has every request written down with its fields, ${keyNames(keys)} among them.`,
        fix: 'Take this out, or turn it on in development only; log the method, the host and the status instead.',
        ...(holds === undefined ? {} : { holds }),
        ...(keys[0] ? { trace: keys[0].trace } : {}),
        identity: [context, keyNames(keys)],
      }
    }
  },
}

/** What means no output, in the place of a value that turns it on; a whole call has to go, or be turned off otherwise. */
function turnedOff(written: string): string | undefined {
  if (written === 'true') return 'false'
  return /^(?:\$std(?:out|err)|STD(?:OUT|ERR)|:?\w*logger)$/i.test(written) ? 'nil' : undefined
}

/** Of keys that may be meant, so many are told. */
const keysMax = 24

/** The keys of the next request in the file, or where there is none of all requests that are written down. */
function writtenDown(flows: readonly Flow[]): (told: Flow) => readonly Label[] {
  const requests = flows.filter((flow) => isWrittenDown(flow) && keysOf(flow, 'itself').length > 0)
  const surely = keysAmong(requests.filter(({ detail }) => detail?.debugOutput !== '*'))
  const byPath = Map.groupBy(requests, ({ file }) => file.path)
  const inFile = remembered((path) => {
    const own = byPath.get(path) ?? []
    /** The largest end of those before: the first that ends where or behind another does raises it. */
    const ends: number[] = []
    for (const { end } of own) ends.push(Math.max(end, ends.at(-1) ?? 0))
    return { own, ends, all: [...surely, ...keysAmong(own)].slice(0, keysMax) }
  })
  return ({ file, end }) => {
    const { own, ends, all } = inFile(file.path)
    const next = own[firstNotBefore(ends, end)]
    return next ? keysOf(next, 'itself') : all
  }
}

function keysAmong(requests: readonly Flow[]): readonly Label[] {
  const keys = new Map<string, Label>()
  for (const request of requests)
    for (const key of keysOf(request, 'itself')) keys.set(key.name, keys.get(key.name) ?? key)
  return [...keys.values()].slice(0, keysMax)
}

/** A request whose client was told so; where it is not known which, one of the same file. */
function isWrittenDown({ sink, detail }: Flow): boolean {
  const debug = detail?.debugOutput
  return sink === 'request' && debug !== undefined && debug !== false && debug !== null
}

/** Whether a test that says nothing of the environment decides, such as a flag of whoever starts the program. */
function isConditional({ program }: ProgramEvidence, flow: Flow): boolean {
  return flow.where === everywhere && branchesAround(flow, program).length > 0
}
