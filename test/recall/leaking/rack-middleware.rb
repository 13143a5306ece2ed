require 'sinatra/base'

class RequestLog
  def initialize(app, out = $stdout)
    @app = app
    @out = out
  end

  def call(env)
    @out.puts "#{env['REQUEST_METHOD']} #{env['PATH_INFO']} auth=#{env['HTTP_AUTHORIZATION']}" #! credential-in-log
    @app.call(env)
  end
end

class Main < Sinatra::Base
  use RequestLog
  get('/') { 'ok' }
end
