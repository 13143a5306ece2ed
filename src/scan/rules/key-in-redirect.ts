import { keysLeaving, problemAt } from '../flow/answered.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInRedirect: Rule = {
  id: 'key-in-redirect',
  about: 'program',
  title: 'API key is in the target of a redirect',
  severity: 'high',
  cwe: 598,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A key is part of the URL that a client is sent on to. The client has the key, its history keeps it, the other server's
access log writes it down, and it stands in \`Referer\` when the page there loads something.

**Fix.** Call the other service yourself and answer with the result, or send the client on with a one-time code that the
other service exchanges for what it needs.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/map') { redirect \"https://maps.example.com/?key=#{ENV['MAPS_API_KEY']}\" }",
      "require 'sinatra'\nget '/next' do\n  redirect to(\"/done?token=#{ENV['SERVICE_TOKEN']}\"), 303\nend",
      'class MapsController < ActionController::Base\n  def show\n    redirect_to "https://maps.example.com/?key=#{ENV[\'MAPS_API_KEY\']}", allow_other_host: true\n  end\nend',
      'class Maps < Grape::API\n  get(:map) { redirect "https://maps.example.com/?key=#{ENV[\'MAPS_API_KEY\']}" }\nend',
      'class Forward\n  def call(env)\n    response = Rack::Response.new\n    response.redirect("https://files.example.com/?sig=#{ENV[\'FILES_API_KEY\']}")\n    response.finish\n  end\nend',
    ],
    good: [
      "require 'sinatra'\nget('/map') { redirect 'https://maps.example.com/' }",
      "require 'sinatra'\nget('/login') { redirect \"https://sign-in.example.com/?client_id=#{ENV['CLIENT_ID']}\" }",
      "require 'sinatra'\nget('/admin') { redirect to('/login') unless ENV['ADMIN_TOKEN'] }",
      "class MapsController < ActionController::Base\n  def show\n    redirect_to root_path, notice: 'no map'\n  end\nend",
    ],
  },
  *check({ flows }) {
    for (const { flow, keys } of keysLeaving(flows, 'redirect'))
      yield problemAt(
        flow,
        keys,
        `sends the client on to a URL with ${keyNames(keys)}`,
        `Take ${keyNames(keys)} out of the URL: ask the other service here and answer with its result.`,
      )
  },
}
