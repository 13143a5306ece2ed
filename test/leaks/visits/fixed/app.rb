require 'securerandom'
require 'sinatra'
require 'sinatra/cookies'

set :environment, :production
set :show_exceptions, false
use Rack::Session::Cookie, secret: SecureRandom.hex(64), same_site: :strict, httponly: true, secure: true, coder: Rack::Session::Cookie::Base64::JSON.new

post '/login' do
  session['visit'] = SecureRandom.hex(8)
  204
end

get '/remember' do
  cookies[:theme] = 'dark'
  response.set_cookie 'again', value: SecureRandom.hex(8), path: '/', secure: true, httponly: true, same_site: :strict
  'ok'
end

get '/map' do
  redirect to('/map/main')
end

get('/cookies') { request.cookies['theme'].to_s }
get('/env') { { region: ENV['REGION'] }.inspect }
get('/env/:name') { { 'region' => ENV['REGION'] }.fetch(params[:name], '').to_s }
get('/process') { Process.pid.to_s }
get('/printenv') { RUBY_VERSION }
