require 'json'
require 'rack'

class Diagnostics
  def initialize(app, token:)
    @app = app
    @ready = !token.empty?
  end

  def call(env)
    return [200, { 'Content-Type' => 'application/json' }, [{ ready: @ready }.to_json]] if env['PATH_INFO'] == '/_diagnostics'

    status, headers, body = @app.call(env)
    headers['X-Service'] = 'api'
    [status, headers, body]
  end
end

class Guard
  def initialize(app)
    @app = app
  end

  def call(env)
    @app.call(env)
  rescue StandardError => e
    env['rack.errors'].puts e.class.name
    [500, { 'Content-Type' => 'text/plain' }, ["internal error\n"]]
  end
end

class Api
  def call(env)
    request = Rack::Request.new(env)
    case request.path_info
    when '/echo' then [200, {}, [{ agent: env['HTTP_USER_AGENT'] }.to_json]]
    when '/fail' then raise ArgumentError, 'no such thing'
    when '/moved' then moved
    else Rack::Response.new('ok', 200).finish
    end
  end

  def moved
    response = Rack::Response.new
    response.redirect('/elsewhere')
    response.finish
  end
end

use Guard
use Diagnostics, token: ENV.fetch('SERVICE_TOKEN')
run Api.new
