require 'sinatra/base'
module Configurable
  def self.included(base)
    base.extend(ClassMethods)
  end
  module ClassMethods
    def api_key = ENV['API_KEY']
  end
end
class Service
  include Configurable
end
class Web < Sinatra::Base
  get('/k') { Service.api_key } #! key-in-response
end
