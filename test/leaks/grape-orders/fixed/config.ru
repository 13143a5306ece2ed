require 'grape'

class Orders < Grape::API
  format :json
  rescue_from :all do
    error!({ error: 'internal error' }, 500)
  end

  helpers do
    def upstream_key
      @upstream_key ||= ENV.fetch('ORDERS_API_KEY')
    end
  end

  after { header 'X-Upstream', 'main' }

  resource :orders do
    get { { orders: [], ready: !upstream_key.empty? } }

    get :fail do
      Integer('seven')
    end

    route_param :id do
      get { error!({ error: 'no such order' }, 404) }
    end
  end

  get :whoami do
    { signed_in: !headers['Authorization'].nil? }
  end

  get :login do
    cookies[:theme] = 'dark'
    { ok: true }
  end
end

run Orders
