require 'sinatra'
require 'twilio-ruby'
post '/sms' do
  client = Twilio::REST::Client.new(ENV.fetch('TWILIO_SID'), ENV.fetch('TWILIO_AUTH_TOKEN'))
  message = client.messages.create(from: ENV.fetch('TWILIO_FROM'), to: params[:to], body: 'hi')
  message.sid
end
