require 'sinatra'
require 'openssl'
get '/fp' do
  OpenSSL::HMAC.hexdigest('SHA256', ENV['SIGNING_KEY'], 'fingerprint')[0, 12]
end
