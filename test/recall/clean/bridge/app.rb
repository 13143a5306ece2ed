# frozen_string_literal: true

require 'sinatra/base'
require_relative 'lib/bridge'

class App < Sinatra::Base
  set :show_exceptions, false
  set :bridge, Bridge.new

  get '/items' do
    content_type :json
    settings.bridge.items.to_json
  end

  get '/debug' do
    settings.bridge.inspect
  end

  error Bridge::Unavailable do
    status 503
    'try later'
  end
end
