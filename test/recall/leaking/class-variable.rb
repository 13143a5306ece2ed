require 'sinatra'
class Api
  @@key = nil
  def self.setup(key)
    @@key = key #! key-constant
  end
  def self.curl_example
    "curl -H 'X-Key: #{@@key}'"
  end
end
Api.setup ENV['API_KEY']
get('/cv') { Api.curl_example } #! key-in-response
