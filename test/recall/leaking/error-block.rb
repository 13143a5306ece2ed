require 'sinatra/base'

class App < Sinatra::Base
  set :show_exceptions, false

  error do
    err = env['sinatra.error']
    "Sorry: #{err.message}\n#{err.backtrace.join("\n")}" #! error-detail-in-response
  end

  get('/') { work }
end
