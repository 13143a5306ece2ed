require 'sinatra'

get '/pay' do
  erb :pay, locals: { secret: ENV['STRIPE_SECRET_KEY'], title: 'Pay' }
end
