require 'sinatra'
set :port, ENV.fetch('PORT', 4567)
set :bind, '127.0.0.1'
get('/') { "listening on #{settings.port} in #{ENV['RACK_ENV']}" }
