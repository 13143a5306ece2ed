import { keysLeaving, problemAt } from '../flow/answered.ts'
import type { Flow } from '../flow/flow-record.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Label } from '../flow/value.ts'
import { rewritten } from '../flow/without-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInCookie: Rule = {
  id: 'key-in-cookie',
  about: 'program',
  title: 'API key is put in a cookie',
  severity: 'high',
  cwe: 315,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A key is put in a cookie. Whoever has the browser, and every script on the page unless the cookie is \`HttpOnly\`, has the
key; the browser sends it back with every request, where proxies and logs see it. Signing a cookie does not hide what is
in it.

**Fix.** Keep the key in the service. Give the browser a random identifier, and look up on the server what belongs to it.`,
  examples: {
    bad: [
      "require 'sinatra'\nget '/' do\n  response.set_cookie 'upstream', value: ENV['EXTERNAL_API_KEY'], httponly: true\n  'ok'\nend",
      "require 'sinatra'\nrequire 'sinatra/cookies'\npost '/login' do\n  cookies[:token] = ENV['SERVICE_TOKEN']\n  204\nend",
      "class SessionsController < ActionController::Base\n  def create\n    cookies.signed[:api_key] = { value: ENV['EXTERNAL_API_KEY'], secure: true }\n    head :created\n  end\nend",
      "class Visit\n  def call(env)\n    response = Rack::Response.new('ok')\n    response.set_cookie('key', ENV['EXTERNAL_API_KEY'])\n    response.finish\n  end\nend",
      "class Login < Grape::API\n  post(:login) do\n    cookies[:key] = ENV['EXTERNAL_API_KEY']\n    { ok: true }\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nrequire 'securerandom'\nget '/' do\n  response.set_cookie 'visit', value: SecureRandom.hex(16), httponly: true\n  'ok'\nend",
      "require 'sinatra'\nrequire 'sinatra/cookies'\nget '/' do\n  cookies[:theme] = 'dark'\n  'ok'\nend",
      'class SessionsController < ActionController::Base\n  def create\n    cookies.signed[:visit] = { value: SecureRandom.uuid, secure: true, httponly: true }\n    head :created\n  end\nend',
      "require 'sinatra'\nget '/' do\n  response.delete_cookie 'token'\n  'ok'\nend",
    ],
  },
  *check({ flows }) {
    for (const { flow, keys } of keysLeaving(flows, 'cookie'))
      yield problemAt(
        flow,
        keys,
        `puts ${keyNames(keys)} in a cookie`,
        `Keep ${keyNames(keys)} on the server; put a random identifier in the cookie: SecureRandom.hex(32).`,
        withRandomIdentifier,
      )
  },
}

function withRandomIdentifier(flow: Flow, keys: readonly Label[]): string | undefined {
  return rewritten(flow, keys, () => ({ inText: '#{SecureRandom.hex(32)}', alone: 'SecureRandom.hex(32)' }))
}
