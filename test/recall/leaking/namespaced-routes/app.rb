require 'sinatra/base'
require 'sinatra/namespace'
module Billing
  class App < Sinatra::Base
    register Sinatra::Namespace
    namespace '/v1' do
      get '/secret' do
        Billing::Settings.load[:secret] #! key-in-response
      end
    end
  end
end
