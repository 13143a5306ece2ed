require 'sinatra'
get '/c' do
  out = +''
  out << 'secret: '
  out << ENV['CLIENT_SECRET']
  out #! key-in-response
end
