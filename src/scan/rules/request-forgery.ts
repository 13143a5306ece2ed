import { inputsOf, isAtBeginning } from '../flow/call-at.ts'
import { holdsInProduction } from '../flow/environments.ts'
import type { Flow } from '../flow/flow-record.ts'
import { flowsAt } from '../flow/flows-at.ts'
import { isGuarded } from '../flow/guards.ts'
import { inContext, keysOf, pathsOf } from '../flow/key-labels.ts'
import { targetOf } from '../flow/request-target.ts'
import type { Rule } from '../rule.ts'

export const requestForgery: Rule = {
  id: 'request-forgery',
  about: 'program',
  title: 'The caller chooses where a request goes',
  severity: 'high',
  cwe: 918,
  explanation: `The host of an outgoing request comes from what a client has sent.

The request is made from inside: the client reads what the service's network shows to the service. That is where keys are:
the metadata address of a cloud hands out credentials, a local agent or an admin port answers without asking who it is.

**Fix.** Look the host up by a name that the client gives. If it must be an address, parse it and compare its host with a
list; comparing how the text begins is not enough.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'net/http'\nget '/preview' do\n  Net::HTTP.get(URI(params[:url]))\n  'ok'\nend",
      "require 'sinatra'\nrequire 'faraday'\npost '/check' do\n  Faraday.get(params[:target]).status.to_s\nend",
      "require 'sinatra/base'\nrequire 'httparty'\nclass Hooks < Sinatra::Base\n  post '/hooks' do\n    notify(params['callback'])\n    'ok'\n  end\n  def notify(address) = HTTParty.post(address, body: '{}')\nend",
      "require 'sinatra'\nrequire 'typhoeus'\nget '/status' do\n  Typhoeus.get(\"http://#{params[:host]}/health\", timeout: 2).code.to_s\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'net/http'\nget '/preview' do\n  Net::HTTP.get(URI('https://example.com/preview'))\n  'ok'\nend",
      "require 'sinatra'\nrequire 'faraday'\nget '/check' do\n  Faraday.get(\"https://example.com/check/#{params[:id]}\").status.to_s\nend",
      "require 'sinatra'\nrequire 'httparty'\nHOOKS = { 'a' => 'https://a.example.com' }.freeze\npost '/hooks' do\n  HTTParty.post(HOOKS.fetch(params[:name]), body: params[:text])\n  'ok'\nend",
      "require 'sinatra'\nrequire 'typhoeus'\nget '/status' do\n  host = params[:host]\n  if %w[a.example.com b.example.com].include?(host)\n    Typhoeus.get(\"https://#{host}/health\", timeout: 2).code.to_s\n  else\n    halt 404\n  end\nend",
    ],
  },
  *check({ flows, program, leavesOut }) {
    for (const flow of flows) {
      if (flow.sink !== 'request' || !flow.detail || !targetOf(flow.detail).isChosen) continue
      // With a key it is another rule's; what opens files as well is one more.
      if (flowsAt(flows, flow.file, flow.start).some((other) => opensToo(other) || carriesKey(other))) continue
      if (!holdsInProduction(flow.where) || isGuarded(flow, { program, leavesOut })) continue
      yield {
        ...flow,
        message: `${inContext(flow.context)} asks a host that the caller chooses.`,
        fix: 'Look the host up by a name that the caller gives, or compare the parsed host with a list.',
        ...pathsOf(flow.labels.filter(({ what }) => what === 'input')),
        identity: [flow.context, flow.name],
      }
    }
  },
}

function opensToo(other: Flow): boolean {
  return other.sink === 'open' && inputsOf(other).some(isAtBeginning)
}

function carriesKey(other: Flow): boolean {
  return other.sink === 'request' && targetOf(other.detail ?? {}).isChosen && keysOf(other, 'itself').length > 0
}
