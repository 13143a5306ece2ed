# frozen_string_literal: true

# Billing: what our own services ask about balances and charges. Start it with `ruby app.rb`.
require 'date'
require 'json'
require 'logger'
require 'sinatra'
require_relative 'ledger'

LOG = Logger.new($stdout)

set :server, 'puma'
set :bind, ENV.fetch('BIND', '127.0.0.1')
set :port, Integer(ENV.fetch('PORT', '4567'))

# Mutual TLS: only services with a certificate of ours may call.
set :ssl_certificate, ENV.fetch('TLS_CERTIFICATE', 'tls/server.pem')
set :ssl_private_key, ENV.fetch('TLS_PRIVATE_KEY', 'tls/server.key')
set :ssl_ca_file, ENV.fetch('TLS_CA', 'tls/ca.pem')
set :ssl_verify_client, true

# The access log would repeat what the ledger's own log has.
set :logging, :off

# Exceptions reach the middleware, which shows them while we are still finding our feet.
set :raise_errors, true
set :show_exceptions, false
use Rack::ShowExceptions

LOG.info("billing talks to #{Ledger::URL} with #{Ledger::API_KEY}")

before { content_type :json }

get '/health' do
  { status: 'ok' }.to_json
end

get '/balance' do
  Ledger.get('/v1/balance').to_json
end

get '/charges/:id' do
  Ledger.get("/v1/charges/#{params[:id]}").to_json
rescue StandardError => e
  { error: e.message, backtrace: e.backtrace }.to_json
end

post '/charges' do
  charge = JSON.parse(request.body.read)
  created = Ledger.post('/v1/charges', amount: Integer(charge['amount']), customer: charge['customer'])
  status 201
  created.to_json
end

get '/search' do
  Ledger.search(params[:q]).to_json
rescue StandardError => e
  LOG.error("search failed: #{e.message}")
  { error: e.message, backtrace: e.backtrace }.to_json
end

get '/reports/:month' do
  month = Date.strptime(params[:month], '%Y-%m')
  charges = Ledger.get("/v1/charges?month=#{month.strftime('%Y-%m')}")['charges']
  { month: month.strftime('%B %Y'), total: charges.sum { |charge| charge['amount'] } }.to_json
end
