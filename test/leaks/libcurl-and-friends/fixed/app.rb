require 'excon'
require 'http'
require 'httpclient'
require 'typhoeus'
require 'curb'

# Rack without a framework.
class Checks
  def call(env)
    status =
      case env['PATH_INFO']
      when '/typhoeus' then with_typhoeus
      when '/curb' then with_curb
      when '/excon' then with_excon
      when '/http' then with_http
      when '/httpclient' then with_httpclient
      else 404
      end
    [200, { 'content-type' => 'text/plain' }, ["#{status}\n"]]
  rescue StandardError
    [502, { 'content-type' => 'text/plain' }, ["no answer\n"]]
  end

  private

  def base
    ENV.fetch('CHECKED_URL')
  end

  def with_typhoeus
    Typhoeus.get("#{base}/a", timeout: 5, headers: { 'X-Api-Key' => ENV['A_TOKEN'] }).code
  end

  def with_curb
    curl = Curl::Easy.new("#{base}/b") do |c|
      c.headers['X-Api-Key'] = ENV['B_TOKEN']
      c.timeout = 5
      c.ssl_verify_peer = true
    end
    curl.perform
    curl.response_code
  end

  def with_excon
    Excon.new(base, headers: { 'Authorization' => "Bearer #{ENV['C_TOKEN']}" }).get(path: '/c').status
  end

  def with_http
    none = { verify_mode: OpenSSL::SSL::VERIFY_PEER }
    HTTP.timeout(5).auth("Bearer #{ENV.fetch('D_TOKEN')}").get("#{base}/d", ssl: none).status.code
  end

  def with_httpclient
    client = HTTPClient.new
    client.ssl_config.verify_mode = OpenSSL::SSL::VERIFY_PEER
    client.get("#{base}/e", nil, { 'Authorization' => "Bearer #{ENV['E_TOKEN']}" }).status
  end
end
