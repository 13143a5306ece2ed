require 'sinatra'
get '/config' do
  config = { key: ENV['API_KEY'], host: 'a' }
  config.delete(:key)
  config.to_json
end
