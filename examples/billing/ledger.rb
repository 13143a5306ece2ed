# frozen_string_literal: true

require 'json'
require 'net/http'

# The outside service that keeps balances and charges. Every request carries our API key.
module Ledger
  URL = ENV.fetch('LEDGER_URL', 'https://localhost:9543')
  API_KEY = ENV.fetch('LEDGER_API_KEY')

  class Failed < StandardError; end

  module_function

  def get(path)
    uri = URI("#{URL}#{path}")
    send_authorized(uri, Net::HTTP::Get.new(uri))
  end

  def post(path, body)
    uri = URI("#{URL}#{path}")
    request = Net::HTTP::Post.new(uri, 'Content-Type' => 'application/json')
    request.body = body.to_json
    send_authorized(uri, request)
  end

  # The search is the ledger's older API: it takes the key as the user of the URL.
  def search(text)
    uri = URI(URL.sub('://', "://#{API_KEY}@") + "/v1/search?q=#{text}")
    request = Net::HTTP::Get.new(uri)
    request.basic_auth(uri.user, '')
    exchange(uri, request)
  end

  def send_authorized(uri, request)
    request['Authorization'] = "Bearer #{API_KEY}"
    exchange(uri, request)
  end

  def exchange(uri, request)
    options = { use_ssl: uri.scheme == 'https', open_timeout: 5, read_timeout: 10 }
    response = Net::HTTP.start(uri.host, uri.port, **options) { |http| http.request(request) }
    raise Failed, "the ledger answered #{response.code}" unless response.is_a?(Net::HTTPSuccess)

    JSON.parse(response.body)
  end
end
