require 'sinatra'

class EnvConfig
  def method_missing(name, *)
    ENV.fetch(name.to_s.upcase)
  end

  def respond_to_missing?(*) = true
end

get '/t' do
  EnvConfig.new.api_token #! key-in-response
end
