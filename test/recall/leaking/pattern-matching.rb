require 'sinatra'
get '/pm' do
  config = { upstream: { token: ENV['UPSTREAM_TOKEN'], host: 'a' } }
  case config
  in { upstream: { token: String => token } }
    token #! key-in-response
  end
end
