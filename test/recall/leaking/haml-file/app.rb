require 'sinatra/base'
class Site < Sinatra::Base
  before { @token = ENV['ADMIN_TOKEN'] }
  get('/') { haml :index }
end
