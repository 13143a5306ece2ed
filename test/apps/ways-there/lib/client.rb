class Client
  class Error < StandardError; end

  def initialize(token)
    @token = token
  end

  def headers
    { 'Authorization' => "Bearer #{@token}" }
  end

  def fail!
    raise Error, "could not use #{@token}"
  end

  def get(path)
    uri = URI("https://x#{path}")
    req = Net::HTTP::Get.new(uri, headers)
    res = Net::HTTP.start(uri.host) { |h| h.request(req) }
    JSON.parse(res.body)
  end
end
