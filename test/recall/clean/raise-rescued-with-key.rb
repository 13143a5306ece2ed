require 'sinatra'

get '/geo' do
  raise ArgumentError, "refused: #{ENV['GEO_API_KEY']}" if params[:q].to_s.empty?
  'ok'
rescue ArgumentError
  halt 400, 'bad request'
end
