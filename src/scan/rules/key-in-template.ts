import { keysLeaving, problemAt } from '../flow/answered.ts'
import { keyNames } from '../flow/key-labels.ts'
import type { Rule } from '../rule.ts'

export const keyInTemplate: Rule = {
  id: 'key-in-template',
  about: 'program',
  title: 'API key reaches a template',
  severity: 'high',
  cwe: 200,
  cap: { grade: 'D', reason: 'a key is answered to clients' },
  explanation: `A key is handed to a template of a page, or a template puts it out: in an attribute, in a script, in a hidden field, in a
comment. Whoever opens the page's source has it.

**Fix.** Hand the template what the page shows. A script on the page that needs an upstream asks your own service, which
holds the key; keys that are made for browsers (publishable keys) belong in a setting with a name of its own.`,
  examples: {
    bad: [
      "require 'sinatra'\nget('/') { erb :map, locals: { key: ENV['MAPS_API_KEY'] } }",
      "require 'sinatra'\nget('/') { erb \"<p>#{ENV['SERVICE_TOKEN']}</p>\" }",
      {
        'app.rb': "require 'sinatra'\nget '/' do\n  @key = ENV['MAPS_API_KEY']\n  erb :map\nend",
        'views/map.erb': '<script src="/map.js" data-key="<%= @key %>"></script>\n',
      },
      { 'app.rb': "require 'sinatra'\nget('/') { haml :map }", 'views/map.haml': "%p= ENV['MAPS_API_KEY']\n" },
      { 'app.rb': "require 'sinatra'\nget('/') { slim :map }", 'views/map.slim': "p = ENV['MAPS_API_KEY']\n" },
      {
        'app.rb': "require 'sinatra'\nget('/') { erb :map, locals: { key: ENV['MAPS_API_KEY'] } }",
        'views/map.erb': '<p><%= key %></p>\n',
      },
    ],
    good: [
      {
        'app.rb': "require 'sinatra'\nget('/') { erb :map, locals: { key: ENV['MAPS_API_KEY'] } }",
        'views/map.erb': '<p><%= key ? "on" : "off" %></p>\n',
      },
      "require 'sinatra'\nget('/') { erb :map, locals: { place: 'Berlin' } }",
      {
        'app.rb': "require 'sinatra'\nget '/' do\n  @configured = ENV.key?('MAPS_API_KEY')\n  erb :map\nend",
        'views/map.erb': "<p><%= @configured ? 'on' : 'off' %></p>\n",
      },
      {
        'app.rb': "require 'sinatra'\nget('/') { haml :map }",
        'views/map.haml': "- if ENV['MAPS_API_KEY']\n  %p a map\n",
      },
      "require 'sinatra'\nget('/') { slim 'p hello', locals: { name: params[:name] } }",
    ],
  },
  *check({ flows }) {
    for (const { flow, keys } of keysLeaving(flows, 'template'))
      yield problemAt(
        flow,
        keys,
        `shows ${keyNames(keys)} in a page`,
        `Leave ${keyNames(keys)} out of the page; let the page ask your own service, which calls the upstream.`,
      )
  },
}
