require 'sinatra'
def describe(name:, token:) = "#{name} #{token}"
get '/ds' do
  args = { name: 'a', token: ENV['API_TOKEN'] }
  describe(**args) #! key-in-response
end
