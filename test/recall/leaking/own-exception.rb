require 'sinatra'
class AuthFailed < StandardError
  def initialize(key)
    super("key #{key} was refused")
  end
end
get '/oe' do
  begin
    raise AuthFailed.new(ENV['API_KEY'])
  rescue AuthFailed => e
    e.message #! key-in-exception
  end
end
