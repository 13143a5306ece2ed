require 'sinatra/base'
require 'haml'

module Dash
  class Web < Sinatra::Base
    enable :inline_templates
    set :pusher_secret, ENV.fetch('PUSHER_SECRET') { raise 'no pusher secret' }
    set :pusher_key, ENV['PUSHER_KEY']

    get('/') { haml :home }
    get('/debug') { haml :debug, locals: { conf: settings.pusher_secret } }

    run! if app_file == $0
  end
end

__END__

@@ layout
!!!
%html
  %head
    %title Dash
  %body
    = yield

@@ home
%h1 Dash
%p= Time.now

@@ debug
%dl
  %dt secret
  %dd= conf #! key-in-template
  %dt bytes
  %dd= conf.length
