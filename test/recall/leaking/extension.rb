require 'sinatra/base'
module Sinatra
  module Diagnostics
    def self.registered(app)
      app.set :vendor_key, ENV['VENDOR_KEY']
      app.get '/__diag' do
        "vendor #{settings.vendor_key}" #! key-in-response
      end
    end
  end
  register Diagnostics
end
