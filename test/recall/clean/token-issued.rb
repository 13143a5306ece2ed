require 'sinatra'
require 'securerandom'
post '/tokens' do
  token = SecureRandom.hex(32)
  content_type :json
  { token: token }.to_json
end
