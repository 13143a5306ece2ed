require 'sinatra'
def with_token(&block) = block.call(ENV['API_TOKEN'])
get '/b' do
  with_token { |t| t.reverse } #! key-in-response
end
