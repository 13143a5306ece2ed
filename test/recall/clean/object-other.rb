require 'sinatra'
class Client
  attr_reader :host
  def initialize(host, key)
    @host = host
    @key = key
  end
end
get('/host') { Client.new('api.example.com', ENV['API_KEY']).host }
