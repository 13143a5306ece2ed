require 'sinatra'
require 'openssl'
get '/jwks' do
  OpenSSL::PKey.read(ENV.fetch('JWT_SIGNING_KEY')).public_key.to_pem
end
