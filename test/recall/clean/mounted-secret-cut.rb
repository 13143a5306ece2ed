require 'sinatra'

get('/') { "#{File.read('/run/secrets/api_key').strip[0..2]}..." }
