require 'sinatra'
get '/mode' do
  case ENV['STRIPE_KEY']
  when /\Ask_test_/ then 'test mode'
  when nil then 'off'
  else 'live mode'
  end
end
