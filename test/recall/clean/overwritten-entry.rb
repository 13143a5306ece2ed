require 'sinatra'
get '/config' do
  config = { key: ENV['API_KEY'], host: 'a' }
  config[:key] = '[redacted]'
  config.to_json
end
