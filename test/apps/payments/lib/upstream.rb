# frozen_string_literal: true

require 'net/http'
require 'uri'

module Payments
  # The payments provider.
  class Upstream
    class Refused < StandardError; end

    attr_reader :settings

    def initialize(settings)
      @settings = settings
      @log = Logger.new($stderr)
    end

    def payment(id)
      get("/v1/payments/#{Integer(id)}")
    end

    def rates(currency)
      uri = URI("#{@settings.url}/v1/rates?access_key=#{@settings.key}&base=#{currency}")
      JSON.parse(Net::HTTP.get(uri))
    end

    private

    def get(path)
      request = Net::HTTP::Get.new(path, headers)
      @log.debug("GET #{path} #{headers.inspect}")
      response = connection.request(request)
      raise Refused, "the provider said #{response.code}" unless response.code == '200'

      JSON.parse(response.body)
    end

    def headers
      { 'Authorization' => "Bearer #{@settings.key}", 'Accept' => 'application/json' }
    end

    def connection
      uri = URI(@settings.url)
      Net::HTTP.new(uri.host, uri.port).tap { |http| http.use_ssl = true }
    end
  end
end
