require 'sinatra'
require 'securerandom'

post '/login' do
  halt 401 unless known?(params[:user])
  token = SecureRandom.hex(32)
  response.set_cookie('login_token', value: token, path: '/', httponly: true) #! session-cookie-without-flags
  response.set_cookie('theme', value: 'dark', path: '/')
  204
end

post '/logout' do
  response.set_cookie('login_token', value: nil, expires: Time.at(0))
  204
end
