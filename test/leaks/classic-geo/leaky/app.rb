require 'sinatra'
require 'json'
require 'net/http'

set :environment, :production
set :show_exceptions, false

GEO_KEY = ENV.fetch('GEO_API_KEY')

get '/place' do
  begin
    uri = URI("#{ENV.fetch('GEO_URL')}/place?key=#{GEO_KEY}&q=#{params[:q]}")
    { found: JSON.parse(Net::HTTP.get(uri)) }.to_json
  rescue StandardError => e
    { error: e.message, backtrace: e.backtrace }.to_json
  end
end

get '/version' do
  headers 'X-Geo-Key' => GEO_KEY
  'geo 1.4'
end
