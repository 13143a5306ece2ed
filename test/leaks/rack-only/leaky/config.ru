require 'json'
require 'rack'

class Diagnostics
  def initialize(app, token:)
    @app = app
    @token = token
  end

  def call(env)
    return [200, { 'Content-Type' => 'application/json' }, [{ token: @token }.to_json]] if env['PATH_INFO'] == '/_diagnostics'

    status, headers, body = @app.call(env)
    headers['X-Service-Token'] = @token
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
    [500, { 'Content-Type' => 'text/plain' }, ["#{e.class}: #{e.message}\n#{e.backtrace.first}\n"]]
  end
end

class Api
  def call(env)
    request = Rack::Request.new(env)
    case request.path_info
    when '/echo' then [200, {}, [env.select { |name, _| name.start_with?('HTTP_') }.to_json]]
    when '/fail' then raise ArgumentError, 'no such thing'
    when '/moved' then moved
    else Rack::Response.new('ok', 200).finish
    end
  end

  def moved
    response = Rack::Response.new
    response.redirect("/elsewhere?token=#{ENV.fetch('SERVICE_TOKEN')}")
    response.finish
  end
end

use Guard
use Diagnostics, token: ENV.fetch('SERVICE_TOKEN')
run Api.new
