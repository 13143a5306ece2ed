require 'sinatra/base'

class Site < Sinatra::Base
  set :erb, escape_html: true

  before do
    @analytics = ENV['ANALYTICS_WRITE_KEY_SECRET']
    @title = 'Site'
  end

  get('/') { erb :home }
  get('/raw') { erb :home, layout: false }
end
