# frozen_string_literal: true

require 'net/http'
require 'uri'

# The catalog service.
class Catalog
  class Unavailable < StandardError; end

  def initialize(url)
    @url = url
    @log = Logger.new($stdout)
  end

  def item(id)
    get("/v1/items/#{Integer(id)}")
  end

  def search(text)
    get("/v1/items?q=#{URI.encode_www_form_component(text)}")
  end

  private

  def get(path)
    uri = URI(@url + path)
    request = Net::HTTP::Get.new(uri)
    request['Authorization'] = "Bearer #{api_key}"
    @log.info("GET #{uri.path} with key #{key_name}")
    response = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }
    raise Unavailable, 'the catalog is not available' unless response.is_a?(Net::HTTPOK)

    JSON.parse(response.body)
  rescue SocketError, Timeout::Error => e
    @log.warn("catalog: #{e.class}")
    raise Unavailable, 'the catalog is not available'
  end

  def api_key
    ENV.fetch('CATALOG_API_KEY') { raise 'CATALOG_API_KEY is missing' }
  end

  def key_name
    Digest::SHA256.hexdigest(api_key)[0, 8]
  end
end
