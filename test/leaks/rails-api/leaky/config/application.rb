require 'logger'
require 'action_controller/railtie'

module Billing
  class Application < Rails::Application
    config.load_defaults 6.1
    config.api_only = true
    config.eager_load = true
    config.hosts.clear
    config.secret_key_base = SecureRandom.hex(64)
    config.logger = Logger.new($stdout)
    config.x.billing_api_key = ENV.fetch('BILLING_API_KEY')

    routes.append do
      get '/key', to: 'keys#show'
      get '/fail', to: 'keys#fail'
      get '/whoami', to: 'keys#whoami'
      get '/moved', to: 'keys#moved'
      get '/env', to: 'keys#environment'
    end
  end
end
