require 'sinatra'

Config = Struct.new(:host, :api_secret, keyword_init: true)
CONFIG = Config.new(host: 'api.example.com', api_secret: ENV['API_SECRET']) #! key-constant

get '/about' do
  content_type :json
  CONFIG.to_h.to_json #! key-in-response
end
