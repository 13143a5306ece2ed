import { keysLeaving, problemAt } from '../flow/answered.ts'
import { keyNames } from '../flow/key-labels.ts'
import { withBareNamesFor } from '../flow/without-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInSession: Rule = {
  id: 'key-in-session',
  about: 'program',
  title: 'API key is kept in a session',
  severity: 'medium',
  cwe: 312,
  explanation: `A key of the service is put in the session or the flash. Sessions of Rack, Sinatra and Rails are a **cookie** unless
another store is set up: signed, so that nobody can change it, and readable by whoever has the browser (Rack and Sinatra
only encode it; Rails encrypts it). In another store the key stands in a cache or a database that is not made for keys.

**Fix.** Keep in the session who the client is, and read the key where it is used.`,
  examples: {
    bad: [
      "require 'sinatra'\nenable :sessions\npost '/login' do\n  session[:upstream_token] = ENV['SERVICE_TOKEN']\n  redirect '/'\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  enable :sessions\n  before { session['key'] ||= ENV['EXTERNAL_API_KEY'] }\nend",
      "class SessionsController < ActionController::Base\n  def create\n    session[:api_key] = ENV['EXTERNAL_API_KEY']\n    head :created\n  end\nend",
      "class Login\n  def call(env)\n    env['rack.session'][:key] = ENV['EXTERNAL_API_KEY']\n    [204, {}, []]\n  end\nend",
    ],
    good: [
      "require 'sinatra'\nenable :sessions\npost '/login' do\n  session[:user] = params[:user]\n  redirect '/'\nend",
      "require 'sinatra'\nuse Rack::Session::Cookie, secret: ENV.fetch('SESSION_SECRET')\nget('/') { session[:visits].to_s }",
      'class SessionsController < ActionController::Base\n  def create\n    session[:user_id] = 7\n    head :created\n  end\nend',
      "require 'sinatra'\nenable :sessions\npost '/login' do\n  session[:is_admin] = Rack::Utils.secure_compare(params[:token], ENV['ADMIN_TOKEN'])\n  204\nend",
    ],
  },
  *check({ flows }) {
    for (const { flow, keys } of keysLeaving(flows, 'session'))
      yield problemAt(
        flow,
        keys,
        `keeps ${keyNames(keys)} in the session`,
        `Keep in the session who the client is; read ${keyNames(keys)} where it is used.`,
        withBareNamesFor,
      )
  },
}
