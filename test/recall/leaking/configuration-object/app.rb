require 'sinatra/base'
require 'forwardable'
require_relative 'lib/conf'

class App < Sinatra::Base
  before { @conf = Conf.instance }

  get('/host') { @conf.host }

  get '/conf' do
    "secret=#{@conf.api_secret}" #! key-in-response
  end

  get '/conf2' do
    Conf.api_secret #! key-in-response
  end

  get '/digest' do
    require 'digest'
    Digest::SHA256.hexdigest(Conf.api_secret)[0, 8]
  end
end
