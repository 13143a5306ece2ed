require 'sinatra'
class Holder
  def initialize(opts)
    opts.each { |k, v| instance_variable_set("@#{k}", v) }
  end
  attr_reader :token
end
get '/ivs' do
  Holder.new(token: ENV['API_TOKEN']).token #! key-in-response
end
