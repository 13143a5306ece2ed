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
      ledger.ask('/echo').body
    end

    get '/about' do
      json name: 'orders', upstream: { kind: 'ledger', token: ledger.token }
    end
  end
end
