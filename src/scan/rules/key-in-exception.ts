import type { Flow } from '../flow/flow-record.ts'
import { placesOf, stepsOf } from '../flow/flows-at.ts'
import { inContext, keyNames, keysOf, pathsOf } from '../flow/key-labels.ts'
import { isRescuedUnseen } from '../flow/rescued.ts'
import type { Label } from '../flow/value.ts'
import { withNamesFor } from '../flow/without-labels.ts'
import type { Problem, ProgramEvidence, Rule } from '../rule.ts'

/** Where messages of exceptions are seen to go; the rules of these sinks tell of them there. */
const shows = new Set<Flow['sink']>(['response', 'log', 'telemetry', 'file', 'cache', 'queue', 'message', 'database'])

export const keyInException: Rule = {
  id: 'key-in-exception',
  about: 'program',
  title: 'API key is in the message of an exception',
  severity: 'high',
  cwe: 209,
  explanation: `A key becomes part of an exception's message, and the message goes to the client, to the server's log or to an error
tracker.

It need not be written there on purpose. \`URI("https://…?key=#{KEY}&q=#{params[:q]}")\` raises \`URI::InvalidURIError\` with
the **whole URL** in its message as soon as the parameter holds one character that is not ASCII, and any client can send
one. Faraday, HTTParty and RestClient pass that message on.

**Fix.** Keep the key out of texts that are parsed (send it in a field), encode parameters
(\`URI.encode_www_form_component\`), raise with texts of your own, and answer with a text of your own instead of \`e.message\`.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'net/http'\nKEY = ENV['GEO_API_KEY']\nget '/geo' do\n  begin\n    uri = URI(\"https://geo.example.com/?key=#{KEY}&q=#{params[:q]}\")\n    Net::HTTP.get(uri)\n  rescue => e\n    { error: e.message }.to_json\n  end\nend",
      'def token\n  ENV[\'SERVICE_TOKEN\']\nend\ndef call\n  raise "refused: #{token}"\nend',
      "require 'sinatra'\nget '/geo' do\n  URI(\"https://geo.example.com/?key=#{ENV['GEO_API_KEY']}&q=#{params[:q]}\").to_s\n  'ok'\nend",
    ],
    good: [
      "raise 'GEO_API_KEY is missing' unless ENV['GEO_API_KEY']",
      "require 'sinatra'\nget '/geo' do\n  begin\n    raise ArgumentError, \"refused: #{ENV['GEO_API_KEY']}\"\n  rescue ArgumentError\n    halt 502\n  end\nend",
      "require 'sinatra'\nrequire 'net/http'\nget '/geo' do\n  begin\n    uri = URI(\"https://geo.example.com/?q=#{URI.encode_www_form_component(params[:q])}\")\n    request = Net::HTTP::Get.new(uri)\n    request['Authorization'] = \"Bearer #{ENV['GEO_API_KEY']}\"\n    'ok'\n  rescue URI::InvalidURIError\n    halt 400, 'bad query'\n  end\nend",
    ],
  },
  *check({ program, flows, kindOf }) {
    const shown = flows.filter(({ sink }) => shows.has(sink))
    for (const flow of shown) {
      const keys = flow.sink === 'response' ? keysOf(flow, 'message') : []
      if (keys.length > 0)
        yield problem(flow, kindOf, `answers with the message of an exception that holds ${keyNames(keys)}`)
    }
    const arrives = placesOf(stepsOf(shown.flatMap((flow) => keysOf(flow, 'message'))))
    const raises = placesOf(flows.filter(({ sink }) => sink === 'raise'))
    // One leak is one finding: a raise whose message is seen to arrive somewhere is part of that path.
    for (const flow of flows) {
      if (flow.sink !== 'raise' || arrives.get(flow.file.path)?.has(flow.start)) continue
      // What a caller signs in with is told by dump-errors-to-log.
      if (keysOf(flow, 'message').length === 0 || isRescuedUnseen(program, flow)) continue
      // Raised again with the same message: told where it was raised first.
      if (isRaisedAgain(flow, raises)) continue
      yield problem(
        flow,
        kindOf,
        `raises an exception with ${keyNames(keysOf(flow, 'message'))} in its message; what nobody rescues is written to the server’s log, and to the client where exceptions are shown`,
      )
    }
  },
}

function problem(flow: Flow, kindOf: ProgramEvidence['kindOf'], what: string): Problem {
  const keys = keysOf(flow, 'message')
  // Without the key in it a URL is another one.
  const isUrl = flow.sink === 'raise' && flow.name !== 'raise'
  const isWhole = keys.some(({ what }) => what === 'settings')
  const correction = isUrl || isWhole ? undefined : withNamesFor(flow, asRaised(flow, keys))
  return {
    ...flow,
    ...(correction === undefined ? {} : { correction }),
    confidence: flow.sink === 'raise' ? 'firm' : 'certain',
    message: `${inContext(flow.context)} ${what}.`,
    fix: keys.every(({ name }) => kindOf(name)?.use === 'stays')
      ? `Read ${keyNames(keys)} when the service starts and not while it answers, and answer with a text of your own instead of the exception’s message.`
      : `Send ${keyNames(keys)} in a request field instead of a text that is parsed or raised, encode parameters with URI.encode_www_form_component, and answer with a text of your own instead of the exception’s message.`,
    ...pathsOf(keys),
    identity: [flow.context, keyNames(keys), flow.sink],
  }
}

/** Where it is raised, the key is still itself. */
function asRaised({ sink }: Flow, keys: readonly Label[]): readonly Label[] {
  return sink === 'raise' ? keys.map(({ via: _message, ...label }) => label) : keys
}

/** Whether another place has raised it before. */
function isRaisedAgain(flow: Flow, raises: ReturnType<typeof placesOf>): boolean {
  for (const { file, start } of stepsOf(keysOf(flow, 'message')))
    if (raises.get(file.path)?.has(start) && (file.path !== flow.file.path || start !== flow.start)) return true
  return false
}
