require 'sinatra'
require 'jwt'
post '/session' do
  content_type :json
  { token: JWT.encode({ sub: 1, exp: Time.now.to_i + 300 }, ENV.fetch('JWT_SECRET'), 'HS256') }.to_json
end
