require 'sinatra/base'

class Shop < Sinatra::Base
  set :environment, :production
  set :app_file, __FILE__

  get('/') { 'the shop' }
end
