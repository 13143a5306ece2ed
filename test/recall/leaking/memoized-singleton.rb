require 'singleton'
require 'sinatra/base'

class Vaulted
  include Singleton
  attr_accessor :signing_key
  def initialize
    self.signing_key = ENV['SIGNING_KEY']
  end
end

class Web < Sinatra::Base
  get '/sign' do
    halt 200, { key: Vaulted.instance.signing_key }.to_json #! key-in-response
  end
end
