require 'sinatra'
get '/health' do
  content_type :json
  { stripe: ENV.key?('STRIPE_KEY'), twilio: !ENV['TWILIO_TOKEN'].to_s.empty?, mail: ENV['MAIL_TOKEN'] ? 'on' : 'off' }.to_json
end
