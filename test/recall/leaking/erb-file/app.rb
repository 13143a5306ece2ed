require 'sinatra'

get '/pay' do
  @publishable = ENV['STRIPE_SECRET_KEY']
  erb :pay
end
