require 'sinatra'
get '/config' do
  { key: ENV['API_KEY'], host: 'a' }.merge(key: '***').to_json
end
