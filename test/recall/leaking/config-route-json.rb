require 'sinatra/base'
require 'sinatra/json'

class Api < Sinatra::Base
  configure do
    set :mailgun_key, ENV.fetch('MAILGUN_API_KEY')
    set :region, 'eu'
  end

  get '/config' do
    json region: settings.region, mailgun: settings.mailgun_key #! key-in-response
  end
end
