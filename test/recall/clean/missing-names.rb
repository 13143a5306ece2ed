require 'sinatra'
REQUIRED = %w[STRIPE_KEY MAIL_TOKEN].freeze
missing = REQUIRED.reject { |name| ENV[name] }
abort "missing: #{missing.join(', ')}" unless missing.empty?
get('/') { 'ok' }
