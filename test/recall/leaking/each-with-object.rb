require 'sinatra'
KEYS = %w[SENDGRID_API_KEY MAPBOX_TOKEN].each_with_object({}) { |k, h| h[k] = ENV[k] } #! key-constant

get('/diag') { KEYS.inspect } #! key-in-response
