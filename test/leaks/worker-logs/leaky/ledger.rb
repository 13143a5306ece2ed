require 'time'

class Ledger
  def initialize(url, key, logger)
    @url = URI(url)
    @key = key
    @logger = logger
  end

  def fields
    { 'Authorization' => "Bearer #{@key}", 'Content-Type' => 'application/json' }
  end

  def post(number)
    path = number == 2 ? '/fail' : '/entries'
    @logger.debug { "POST #{path} with #{fields.inspect}" }
    http = Net::HTTP.new(@url.host, @url.port)
    http.open_timeout = 2
    http.read_timeout = 2
    answer = http.post(path, { number: number }.to_json, fields)
    raise "#{answer.code} for the key #{@key}" unless answer.is_a?(Net::HTTPSuccess)

    @logger.info("entry #{number} is kept")
  end
end
