require 'grape'

class Orders < Grape::API
  format :json
  rescue_from :all

  helpers do
    def upstream_key
      @upstream_key ||= ENV.fetch('ORDERS_API_KEY')
    end
  end

  after { header 'X-Upstream-Key', upstream_key }

  resource :orders do
    get { { orders: [], key: upstream_key } }

    get :fail do
      Integer('seven')
    end

    route_param :id do
      get { error!({ error: 'no such order', with: upstream_key }, 404) }
    end
  end

  get :whoami do
    { signed_in_with: headers['Authorization'] }
  end

  get :login do
    cookies[:upstream] = upstream_key
    { ok: true }
  end
end

run Orders
