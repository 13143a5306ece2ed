require 'sinatra'
require 'thin'

configure do
  set :bind, '0.0.0.0'
  set :port, 443
  set :ssl_certificate, '/path/to/server.crt'
  set :ssl_private_key, '/path/to/server.key'
  set :ssl_verify_client, true
  set :ssl_ca_file, '/path/to/ca_bundle.crt'
end

get '/ping' do
  { status: 'ok' }.to_json
end
