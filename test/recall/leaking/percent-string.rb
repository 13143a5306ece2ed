require 'sinatra'
get '/p' do
  'token=%s' % ENV['API_TOKEN'] #! key-in-response
end
