require 'sinatra/base'
require_relative 'users'

class App < Sinatra::Base
  get '/users/:name' do
    Users.new(settings.db).named(params[:name]).to_s
  end

  delete '/users/:id' do
    Users.new(settings.db).remove(params[:id].to_i)
    204
  end
end
