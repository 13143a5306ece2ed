require 'sinatra/base'
require 'json'
require_relative 'lib/ledger'

class LedgerApp < Sinatra::Base
  set :environment, :production
  set :show_exceptions, false

  get '/balance/:account' do
    content_type :json
    { balance: Ledger.new.balance(params[:account]) }.to_json
  end

  error do
    halt 502, 'the ledger did not answer'
  end
end
