require 'sinatra'
def config = { api_key: ENV['API_KEY'], region: 'eu' }.freeze
get '/config' do
  config.slice(:region).to_json
end
