# frozen_string_literal: true

require 'net/http'
require 'openssl'
require 'json'

class Bridge
  class Unavailable < StandardError; end

  def initialize(host: 'api.partner.example', key: -> { ENV.fetch('PARTNER_KEY') })
    @host = host
    @key = key
  end

  def items
    response = connection.request(request('/items'))
    raise Unavailable, "partner answered #{response.code}" unless response.is_a?(Net::HTTPOK)

    JSON.parse(response.body).fetch('items').map { |i| i.fetch('name') }
  end

  def inspect = "#<Bridge #{@host}>"

  private

  def connection
    Net::HTTP.new(@host, 443).tap do |http|
      http.use_ssl = true
      http.verify_mode = OpenSSL::SSL::VERIFY_PEER
      http.open_timeout = 2
      http.read_timeout = 4
    end
  end

  def request(path)
    Net::HTTP::Get.new(path).tap { |r| r['X-Api-Key'] = @key.call }
  end
end
