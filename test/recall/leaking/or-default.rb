require 'sinatra'
get '/t' do
  key = ENV['API_KEY'] || 'demo'
  logger.warn(key) #! key-in-log
  200
end
