require 'sinatra'
require 'openssl'
require 'digest'

set :environment, :production

helpers do
  def valid_signature?(body, given)
    OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('WEBHOOK_SECRET'), body) == given
  end

  def link(path)
    Digest::SHA256.hexdigest("#{ENV.fetch('LINK_SECRET')}#{path}")
  end

  def new_token
    rand(36**12).to_s(36)
  end
end

post '/hook' do
  valid_signature?(request.body.read, request.env['HTTP_X_SIGNATURE'])
  'the order is paid'
end

post('/links') { "#{link('/a')} #{new_token}" }
