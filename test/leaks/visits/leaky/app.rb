require 'securerandom'
require 'sinatra'
require 'sinatra/cookies'

set :environment, :production
set :show_exceptions, false
use Rack::Session::Cookie, secret: SecureRandom.hex(64), same_site: :strict, httponly: true, secure: false, coder: Rack::Session::Cookie::Base64::JSON.new

helpers do
  def upstream_key = ENV.fetch('VISITS_API_KEY')
end

post '/login' do
  session['upstream'] = upstream_key
  204
end

get '/remember' do
  cookies[:upstream] = upstream_key
  response.set_cookie 'again', value: upstream_key, path: '/'
  'ok'
end

get '/map' do
  redirect to("/map/main?key=#{upstream_key}")
end

get('/cookies') { request.cookies['session_token'].to_s }
get('/env') { ENV.map { |name, value| "#{name}=#{value}" }.join("\n") }
get('/env/:name') { ENV.fetch(params[:name], '') }
get('/process') { File.read('/proc/self/environ') }
get('/printenv') { `printenv` }
