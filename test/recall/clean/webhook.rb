require 'sinatra'
require 'openssl'
post '/webhook' do
  body = request.body.read
  expected = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('WEBHOOK_SECRET'), body)
  halt 401, 'bad signature' unless Rack::Utils.secure_compare(expected, request.env['HTTP_X_SIGNATURE'].to_s)
  'ok'
end
