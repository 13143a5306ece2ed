require 'sinatra'
require_relative 'config'

set :svc, load_config

get '/endpoint' do
  settings.svc.endpoint
end

get '/svc' do
  settings.svc.to_h.to_s #! key-in-response
end

get '/pw' do
  warn "pw: #{settings.svc.password}" #! key-in-log
  'ok'
end
