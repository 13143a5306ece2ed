require 'sinatra'

get '/maps' do
  redirect "https://maps.example.com/embed?key=#{ENV['MAPS_API_KEY']}" #! key-in-redirect
end
