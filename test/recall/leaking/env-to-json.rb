require 'sinatra'
require 'json'

get '/env.json' do
  content_type :json
  ENV.to_h.to_json #! settings-in-response
end
