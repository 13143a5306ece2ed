require 'sinatra'

set :environment, :production
use Rack::Session::Cookie, key: 'desk', coder: Rack::Session::Cookie::Base64::JSON.new, secret: 'change_me'

get '/desk' do
  halt 403, 'not you' unless session['user'] == 'admin'
  'the desk of the administrator'
end
