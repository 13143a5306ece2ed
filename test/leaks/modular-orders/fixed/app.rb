require 'sinatra/base'
require 'sinatra/json'
require_relative 'lib/ledger'
require_relative 'routes/operators'

module Orders
  class App < Sinatra::Base
    register Operators

    set :ledger, Ledger.new(ENV.fetch('LEDGER_URL'), ENV.fetch('LEDGER_TOKEN'))
    set :show_exceptions, false
    set :raise_errors, false

    helpers do
      def ledger = settings.ledger
    end

    get '/orders' do
      answer = ledger.ask('/orders')
      halt 502, 'the ledger did not answer' unless answer.is_a?(Net::HTTPSuccess)
      json ok: JSON.parse(answer.body).fetch('ok')
    end

    get '/about' do
      json name: 'orders', upstream: { kind: 'ledger', ready: !ledger.token.empty? }
    end
  end
end
