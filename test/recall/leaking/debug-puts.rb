require 'sinatra'
require 'stripe'

Stripe.api_key = ENV['STRIPE_SECRET_KEY']

post '/charge' do
  puts "DEBUG: using key #{Stripe.api_key}" #! key-in-log
  Stripe::Charge.create(amount: params[:amount].to_i, currency: 'usd')
  'ok'
end
