require 'sinatra'
require 'uri'

get '/oauth' do
  query = URI.encode_www_form(client_id: 'x', client_secret: ENV['CLIENT_SECRET'])
  redirect to("https://login.example.com/authorize?#{query}"), 302 #! key-in-redirect
end
