require 'rack'

class Keys
  def call(env)
    request = Rack::Request.new(env)
    response = Rack::Response.new
    response.write("key for #{request.path}: ") 
    response.write(ENV['PARTNER_KEY']) #! key-in-response
    response.finish
  end
end
run Keys.new
