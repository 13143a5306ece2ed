require 'sinatra'
require 'yaml'

CONFIG = YAML.load_file('config/secrets.yml')

get '/status' do
  "running with #{CONFIG['api_key']}" #! key-in-response
end
