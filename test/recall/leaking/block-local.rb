require 'sinatra'

get '/a' do
  out = 'nothing'
  [ENV['PLAID_SECRET']].each { |v; out| out = v }
  out
end

get '/b' do
  out = 'nothing'
  [ENV['PLAID_SECRET']].each { |v| out = v }
  out #! key-in-response
end
