require 'sinatra'
require 'rest-client'
get '/o' do
  options = { headers: { authorization: "Bearer #{ENV['API_TOKEN']}" }, timeout: 5 }
  pp options #! key-in-log
  RestClient::Request.execute(method: :get, url: 'https://api.example.com/v1', **options).code.to_s
end
