require 'sinatra'
def with_token
  yield ENV['API_TOKEN']
end
get '/y' do
  with_token { |t| "t: #{t}" } #! key-in-response
end
