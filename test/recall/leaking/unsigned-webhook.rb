require 'sinatra/base'
require 'json'

class Payments < Sinatra::Base
  before { content_type :json }

  helpers do
    def settle(event)
      Orders.settle(event.fetch('order'))
    end
  end

  post '/payments/webhook' do #! webhook-without-signature-check
    settle(JSON.parse(request.body.read))
    204
  end

  post '/hooks' do
    Hooks.create(params[:url])
    201
  end
end
