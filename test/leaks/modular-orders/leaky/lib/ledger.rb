require 'net/http'

module Orders
  # The ledger that orders are written to.
  class Ledger
    attr_reader :token

    def initialize(url, token)
      @url = url
      @token = token
    end

    def ask(path)
      uri = URI("#{@url}#{path}")
      request = Net::HTTP::Get.new(uri)
      request['Authorization'] = "Bearer #{@token}"
      Net::HTTP.start(uri.host, uri.port, open_timeout: 5, read_timeout: 5) { |http| http.request(request) }
    end
  end
end
