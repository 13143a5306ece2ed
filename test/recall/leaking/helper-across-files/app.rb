require 'sinatra'
require_relative 'lib/credentials'

get '/whoami' do
  "Using #{Credentials.current.token}" #! key-in-response
end
