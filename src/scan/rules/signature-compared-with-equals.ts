import { callAt } from '../flow/call-at.ts'
import type { Flow } from '../flow/flow-record.ts'
import { inContext, keyNames, pathsOf } from '../flow/key-labels.ts'
import type { Program } from '../flow/program.ts'
import type { Label } from '../flow/value.ts'
import type { Expression } from '../form.ts'
import type { Rule } from '../rule.ts'

const secretWord = /key|token|secret|signature|digest|hmac|password|(?:^|_)(?:sig|mac|auth)(?:_|$)/i

export const signatureComparedWithEquals: Rule = {
  id: 'signature-compared-with-equals',
  about: 'program',
  title: 'Secret is compared with ==',
  severity: 'medium',
  cwe: 208,
  explanation: `A key, a token or a signature is compared with what a client sent by \`==\`, \`eql?\`, \`case\` or \`include?\`, which stop at the first
character that differs: the time that an answer takes tells how much of a guess is right. Many guesses, averaged, find the
secret piece by piece, over a fast network also from afar.

**Fix.** Compare in constant time: \`Rack::Utils.secure_compare(a, b)\`, \`ActiveSupport::SecurityUtils.secure_compare(a, b)\`, or
\`OpenSSL.fixed_length_secure_compare\` of two digests of the same length. For a list of keys compare with each of them, or look
up a digest of what was sent.`,
  examples: {
    bad: [
      "require 'sinatra'\nbefore { halt 401 unless params[:token] == ENV['API_TOKEN'] }",
      "require 'sinatra'\nrequire 'openssl'\npost '/hook' do\n  body = request.body.read\n  expected = 'sha256=' + OpenSSL::HMAC.hexdigest('SHA256', ENV['WEBHOOK_SECRET'], body)\n  halt 401 if request.env['HTTP_X_HUB_SIGNATURE_256'] != expected\n  'ok'\nend",
      "class Auth\n  def initialize(app)\n    @app = app\n  end\n  def call(env)\n    return [401, {}, []] unless env['HTTP_X_API_KEY'].eql?(ENV.fetch('SERVICE_API_KEY'))\n    @app.call(env)\n  end\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  helpers do\n    def authorized?(given)\n      given == ENV['ADMIN_TOKEN']\n    end\n  end\n  get('/admin') { authorized?(request.env['HTTP_X_ADMIN_TOKEN']) ? 'in' : 'out' }\nend",
      "require 'sinatra'\nrequire 'openssl'\npost '/hook' do\n  case request.env['HTTP_X_SIGNATURE']\n  when OpenSSL::HMAC.hexdigest('SHA256', ENV['WEBHOOK_SECRET'], request.body.read) then 'ok'\n  else halt 401\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nbefore { halt 401 unless Rack::Utils.secure_compare(ENV['API_TOKEN'], params[:token].to_s) }",
      "require 'sinatra'\nrequire 'openssl'\npost '/hook' do\n  expected = 'sha256=' + OpenSSL::HMAC.hexdigest('SHA256', ENV['WEBHOOK_SECRET'], request.body.read)\n  halt 401 unless Rack::Utils.secure_compare(expected, request.env['HTTP_X_HUB_SIGNATURE_256'].to_s)\n  'ok'\nend",
      "require 'sinatra'\nbefore { halt 500 if ENV['API_TOKEN'].nil? || ENV['API_TOKEN'] == '' }\nget('/') { 'ok' }",
      "require 'sinatra'\nget('/') { params[:version] == ENV['APP_VERSION'] ? 'same' : 'other' }",
      "require 'sinatra'\nbefore { halt 400 unless params[:token].to_s.length == ENV['API_TOKEN'].length }\nget('/') { 'ok' }",
    ],
  },
  *check({ program, flows }) {
    for (const flow of flows) {
      if (flow.sink !== 'compare') continue
      const secrets = secretsIn(program, flow)
      if (secrets.length === 0) continue
      const names = keyNames(secrets)
      const isSure = flow.labels.some(({ what }) => what === 'input' || what === 'credential')
      const correction = corrected(program, flow)
      yield {
        ...flow,
        confidence: isSure ? 'firm' : 'tentative',
        message: `${inContext(flow.context)} compares ${names} in the time that equal beginnings take.`,
        fix: 'Compare in constant time: Rack::Utils.secure_compare(a, b).',
        ...(correction === undefined ? {} : { correction }),
        ...pathsOf(secrets),
        identity: [flow.context, names],
      }
    }
  },
}

/** Keys and signatures; what a caller signs in with where it is compared with something that is called a secret. */
function secretsIn(program: Program, flow: Flow): readonly Label[] {
  const known = flow.labels.filter(({ what, via }) => (what === 'key' || what === 'signature') && via === undefined)
  if (known.length > 0) return known
  const credentials = flow.labels.filter(({ what, name }) => what === 'credential' && secretWord.test(name))
  if (credentials.length === 0) return []
  const call = callAt(program, flow)
  const sides = [call?.receiver, ...(call?.args ?? [])]
  return sides.every((side) => side && secretWord.test(nameOf(side))) ? credentials : []
}

/** The last name in an expression: of the variable, of the call, of the entry that is read. */
function nameOf(expression: Expression): string {
  if (expression.kind === 'read') return expression.variable.name
  if (expression.kind !== 'call') return ''
  const [first] = expression.args
  return first?.kind === 'text' ? first.value : expression.name
}

function corrected(program: Program, flow: Flow): string | undefined {
  const call = callAt(program, flow)
  const [other] = call?.args ?? []
  if (!call?.receiver || !other || call.name === 'include?' || call.name === 'member?') return undefined
  // Of a `when` only the value is there.
  if (call.name === '===' || other.start < flow.start || other.end > flow.end) return undefined
  const { file } = flow
  const [one, another] = [call.receiver, other].map(({ start, end }) => `${file.quote(start, end)}.to_s`)
  return `${call.name === '!=' ? '!' : ''}Rack::Utils.secure_compare(${one}, ${another})`
}
