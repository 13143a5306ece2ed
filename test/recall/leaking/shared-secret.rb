require 'sinatra/base'
require 'openssl'
require 'rack/session/cookie'

class Links < Sinatra::Base
  use Rack::Session::Cookie, key: 'links', secret: ENV.fetch('APP_SECRET'), same_site: :lax, secure: true

  helpers do
    def signature_of(path)
      key = ENV.fetch('APP_SECRET')
      OpenSSL::HMAC.hexdigest('SHA256', key, path) #! hmac-key-reused
    end
  end

  get '/link' do
    "/files/1?signature=#{signature_of('/files/1')}"
  end
end
