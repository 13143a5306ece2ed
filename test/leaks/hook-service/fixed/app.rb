require 'sinatra'
require 'openssl'
require 'securerandom'

set :environment, :production

helpers do
  def valid_signature?(body, given)
    expected = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('WEBHOOK_SECRET'), body)
    Rack::Utils.secure_compare(expected, given.to_s)
  end

  def link(path)
    OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('LINK_SECRET'), path)
  end

  def new_token
    SecureRandom.hex(16)
  end
end

post '/hook' do
  halt 401 unless valid_signature?(request.body.read, request.env['HTTP_X_SIGNATURE'])
  'the order is paid'
end

post('/links') { "#{link('/a')} #{new_token}" }
