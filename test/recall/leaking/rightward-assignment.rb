require 'sinatra'
get '/ra' do
  { key: ENV['API_KEY'], port: 1 } => { key: }
  "k: #{key}" #! key-in-response
end
