require 'sinatra'
enable :sessions

get '/start' do
  session[:stripe_key] = ENV['STRIPE_KEY'] #! key-in-session
  'started'
end
