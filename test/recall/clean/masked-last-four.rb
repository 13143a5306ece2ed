require 'sinatra'
get '/whoami' do
  "key ending in #{ENV['API_KEY'][-4..]}"
end
