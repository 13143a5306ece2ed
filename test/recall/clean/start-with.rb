require 'sinatra'
get('/mode') { ENV['STRIPE_KEY'].start_with?('sk_live') ? 'live' : 'test' }
