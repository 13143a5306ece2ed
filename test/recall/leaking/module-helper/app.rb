require 'sinatra/base'
require_relative 'helpers/auth'

class App < Sinatra::Base
  helpers AuthHelpers

  get '/ping' do
    logger.debug(auth_header) #! key-in-log
    'pong'
  end
end
