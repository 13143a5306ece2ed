require 'sinatra'
get '/r' do
  value = ENV['API_KEY']
  value = value.nil? ? 'missing' : 'present'
  value
end
