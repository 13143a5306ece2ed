require 'sinatra'

module Secrets
  %w[STRIPE_KEY TWILIO_TOKEN].each do |name|
    define_singleton_method(name.downcase) { ENV[name] }
  end
end

get '/keys' do
  Secrets.stripe_key #! key-in-response
end
