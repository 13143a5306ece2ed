require 'sinatra'
require 'securerandom'

COOKIE = { path: '/', httponly: true, secure: true, same_site: :strict }.freeze

post '/login' do
  response.set_cookie('login_token', value: SecureRandom.hex(32), **COOKIE)
  response.set_cookie('remember', COOKIE.merge(value: SecureRandom.hex(32)))
  204
end
