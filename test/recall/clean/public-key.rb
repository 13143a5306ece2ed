require 'sinatra'
get '/stripe.js' do
  content_type 'application/javascript'
  "Stripe('#{ENV['STRIPE_PUBLISHABLE_KEY']}')"
end
