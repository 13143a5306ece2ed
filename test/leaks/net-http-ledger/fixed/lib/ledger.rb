require 'json'
require 'net/http'
require 'openssl'
require 'uri'

class Ledger
  def initialize
    @base = URI(ENV.fetch('LEDGER_URL'))
  end

  def balance(account)
    path = "/accounts/#{URI.encode_www_form_component(account)}"
    JSON.parse(http.request(request_for(path)).body)['ok']
  end

  private

  def http
    client = Net::HTTP.new(@base.host, @base.port)
    client.use_ssl = @base.scheme == 'https'
    client.verify_mode = OpenSSL::SSL::VERIFY_PEER
    client.open_timeout = 5
    client.read_timeout = 5
    client
  end

  def request_for(path)
    request = Net::HTTP::Get.new(path)
    request['Authorization'] = "Bearer #{ENV.fetch('LEDGER_TOKEN')}"
    request
  end
end
