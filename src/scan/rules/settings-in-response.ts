import { labelsOf, problemAt } from '../flow/answered.ts'
import type { Flow } from '../flow/flow-record.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

const answers = new Set<Flow['sink']>(['response', 'field', 'cookie', 'redirect', 'template', 'session'])

export const settingsInResponse: Rule = {
  id: 'settings-in-response',
  about: 'program',
  title: 'The environment or the settings are answered to clients',
  severity: 'high',
  cwe: 526,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A route answers with everything at once: the whole environment (\`ENV.to_h\`), a whole configuration or all credentials,
the objects of the process, or whatever entry of these the request names. Every key is among it, those of tomorrow too.

Such routes are written while something is being debugged, and stay.

**Fix.** Take the route out. Where operators have to see how the service is set up, answer with a list of names that you
have written down (version, region, features), each read by itself.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/env') { ENV.to_h.to_json }",
      'require \'sinatra\'\nget(\'/env\') { ENV.map { |name, value| "#{name}=#{value}" }.join("\\n") }',
      "require 'sinatra'\nget('/env/:name') { ENV[params[:name]].to_s }",
      "require 'sinatra'\nget('/process') { File.read('/proc/self/environ') }",
      'class DebugController < ActionController::API\n  def show\n    render json: Rails.application.credentials.config\n  end\nend',
      "require 'sinatra'\nget('/env') { `printenv` }",
      'class Debug\n  def call(_env)\n    [200, {}, [ENV.inspect]]\n  end\nend',
    ],
    good: [
      "require 'sinatra'\nget('/about') { { region: ENV['REGION'], version: ENV['APP_VERSION'] }.to_json }",
      "require 'sinatra'\nget('/about') { ENV.keys.length.to_s }",
      "require 'sinatra'\nALLOWED = { 'region' => ENV['REGION'] }.freeze\nget('/about/:name') { ALLOWED.fetch(params[:name], 'unknown') }",
      'class DebugController < ActionController::API\n  def show\n    render json: { environment: Rails.env, version: Rails.version }\n  end\nend',
    ],
  },
  *check({ flows }) {
    for (const flow of flows) {
      const settings = answers.has(flow.sink) ? labelsOf(flow, 'settings') : []
      if (settings.length > 0)
        yield problemAt(
          flow,
          settings,
          `answers with ${keyNames(settings)}, and every key in it`,
          'Answer with entries that you name one by one, none of them a secret; or take the route out.',
        )
    }
  },
}
