require 'sinatra'
require 'json'

post '/pay' do
  begin
    payload = JSON.parse(request.body.read)
    Gateway.new(ENV['PAYMENT_SECRET']).charge(payload)
    status 201
    { ok: true }.to_json
  rescue StandardError => e
    status 500
    { error: e.message, backtrace: e.backtrace }.to_json #! error-detail-in-response
  end
end
