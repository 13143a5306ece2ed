require 'sinatra'
class Client
  def initialize(key)
    @key = key
  end
  def inspect = '#<Client key=[redacted]>'
  def to_s = 'client'
end
CLIENT = Client.new(ENV['API_KEY'])
get('/c') { "#{CLIENT} #{CLIENT.inspect}" }
