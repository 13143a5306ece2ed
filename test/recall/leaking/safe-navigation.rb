require 'sinatra'
get '/s' do
  key = ENV['API_KEY']&.strip&.downcase
  key.to_s #! key-in-response
end
