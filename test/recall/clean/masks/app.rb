require 'sinatra'
require 'openssl'
require_relative 'lib/mask'

NAMES = %w[STRIPE_SECRET_KEY GITHUB_TOKEN SENTRY_DSN].freeze

get '/keys' do
  NAMES.map { |n| "#{n}: #{Mask.call(ENV[n])}" }.join("\n")
end

get '/fingerprints' do
  NAMES.to_h { |n| [n, Mask.digest(ENV[n])] }.to_json
end

get '/present' do
  NAMES.select { |n| ENV.key?(n) }.join(',')
end

get '/missing' do
  (NAMES - ENV.keys).join(',')
end

get '/same' do
  (ENV['GITHUB_TOKEN'] == ENV['OLD_GITHUB_TOKEN']).to_s
end

get '/starts' do
  ENV['STRIPE_SECRET_KEY'].to_s.start_with?('sk_test') ? 'test' : 'live'
end

get '/kind' do
  case ENV['STRIPE_SECRET_KEY']
  when /\Ask_test/ then 'test'
  when /\Ask_live/ then 'live'
  else 'unknown'
  end
end
