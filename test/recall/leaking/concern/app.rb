require 'sinatra'
require 'json'
require_relative 'app/shop'

get '/h' do
  Shop.build.auth_header.to_json #! key-in-response
end

get '/n' do
  Shop.build.auth_header.keys.to_json
end

get '/p' do
  Shop.build.products
end
