require 'sinatra'
require 'json'

module Resolvers
  REGISTRY = {}

  def self.field(name, &blk)
    REGISTRY[name.to_s] = blk
  end

  field(:version) { '1.0' }
  field(:token) { ENV['SHOPIFY_TOKEN'] }
end

post '/query' do
  names = JSON.parse(request.body.read)['fields']
  names.to_h { |n| [n, Resolvers::REGISTRY.fetch(n).call] }.to_json #! key-in-response
end

get '/version' do
  Resolvers::REGISTRY['version'].call
end
