require 'sinatra'
get '/f' do
  format('%-10s %s', 'key:', ENV['API_KEY']) #! key-in-response
end
