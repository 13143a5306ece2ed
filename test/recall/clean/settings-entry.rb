require 'sinatra/base'
class App < Sinatra::Base
  set :api_key, ENV['API_KEY']
  set :title, 'Hello'
  get('/') { settings.title }
end
