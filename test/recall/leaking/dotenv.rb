require 'sinatra'
require 'dotenv'
env = Dotenv.load('.env')
get '/de' do
  env['API_SECRET'] #! key-in-response
end
