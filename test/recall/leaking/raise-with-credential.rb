require 'sinatra/base'

class Orders < Sinatra::Base
  set :show_exceptions, false

  helpers do
    def caller_of(token)
      { 'ledger' => 1 }.fetch(token) { raise KeyError, "no caller for #{token}" } #! dump-errors-to-log
    end
  end

  error do
    status 500
    'internal error'
  end

  get '/orders' do
    caller_of(request.env['HTTP_X_API_KEY'])
    'ok'
  end
end
