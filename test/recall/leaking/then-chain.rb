require 'sinatra'
get '/then' do
  ENV['API_KEY'].then { |k| "Bearer #{k}" }.then { |h| { authorization: h }.to_json } #! key-in-response
end
