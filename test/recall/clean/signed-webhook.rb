require 'sinatra/base'
require 'openssl'

class Payments < Sinatra::Base
  helpers do
    def from_provider?(body)
      expected = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('PAYMENTS_WEBHOOK_SECRET'), body)
      Rack::Utils.secure_compare(expected, request.get_header('HTTP_X_SIGNATURE').to_s)
    end
  end

  post '/payments/webhook' do
    body = request.body.read
    halt 401 unless from_provider?(body)
    204
  end
end
