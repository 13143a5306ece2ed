require 'sinatra'
get '/thread' do
  key = ENV['API_KEY']
  Thread.new { puts "async #{key}" } #! key-in-log
  202
end
