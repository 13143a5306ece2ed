require 'sinatra'
require 'logger'
set :log, Logger.new('app.log')
get '/lb' do
  settings.log.debug { "calling with #{ENV['API_TOKEN']}" } #! key-in-log
  'ok'
end
