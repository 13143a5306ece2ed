require 'sinatra'
set :session_secret, ENV['SESSION_SECRET']
use Rack::Session::Cookie, secret: ENV['SESSION_SECRET']
use Rack::Auth::Basic do |u, p| p == ENV['ADMIN_PASSWORD'] end
puts "Listening on #{ENV['PORT']}"
get('/a') { { token: JWT.encode({ a: 1 }, ENV['JWT_SECRET']) }.to_json }
get('/b') { { publishable_key: ENV['STRIPE_PUBLISHABLE_KEY'] }.to_json }
get('/c') { "#{ENV['API_KEY'] ? 'set' : 'missing'}" }
get('/d') { { configured: ENV['API_KEY'] && true, x: !!ENV['API_KEY'] }.to_json }
get('/e') { logger.info "key #{ENV['API_KEY'][0..3]}… #{ENV['API_KEY'].last(4)} #{'*' * ENV['API_KEY'].length}"; 'ok' }
def mask(text) = text[0, 4] + '*' * (text.size - 4)
get('/f') { mask(ENV['API_KEY']) }
get '/g' do
  Integer(params[:n])
rescue ArgumentError => e
  halt 400, e.message
end
get '/h' do
  raise ArgumentError, 'no key' if ENV['API_KEY'].nil?
  Stripe.api_key = ENV['API_KEY']
  Stripe::Charge.create(amount: 1).to_json
end
before { halt 401 unless request.env['HTTP_AUTHORIZATION'] == "Bearer #{ENV['TOKEN']}" }
error(Sinatra::BadRequest) { |e| e.message }
ENV.fetch('KEY') { |name| raise "#{name} is missing" }
redis = Redis.new(url: "redis://:#{ENV['REDIS_PASSWORD']}@host")
get '/i' do
  key = ENV['API_KEY']
  halt 500, 'no key' unless key
  client = Faraday.new('https://x', headers: { 'Authorization' => key })
  client.get('/y').status.to_s
end
get '/j' do
  token = SecureRandom.hex
  session[:t] = token
  erb :form, locals: { csrf_token: token }
end
get '/k' do
  ENV.key?('API_KEY') ? 'yes' : 'no'
end
get '/l' do
  ENV.keys.to_json
end
get('/m') { OpenSSL::Digest::SHA256.hexdigest(ENV['API_KEY']) }
get('/n') { ENV['API_KEY'].hash.to_s }
get('/o') { [ENV['API_KEY']].size.to_s }
get('/p') { ENV['API_KEY'] == params[:k] ? 'y' : 'n' }
get '/q' do
  begin
    URI.parse(params[:u])
  rescue URI::InvalidURIError
    halt 400
  end
  204
end
