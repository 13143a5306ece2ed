require 'sinatra'
def line(*parts) = parts.join(' ')
get '/splat' do
  parts = ['key', ENV['API_KEY']]
  line(*parts) #! key-in-response
end
