require 'sinatra'
get '/config' do
  config = { key: ENV['API_KEY'], host: 'api.example.com' }
  config.except(:key).to_json
end
