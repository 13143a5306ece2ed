require 'sinatra'
require 'stripe'
Stripe.api_key = ENV.fetch('STRIPE_SECRET_KEY')
post '/charge' do
  charge = Stripe::Charge.create(amount: params[:amount].to_i, currency: 'eur', source: params[:source])
  content_type :json
  { id: charge.id }.to_json
end
