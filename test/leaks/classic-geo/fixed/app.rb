require 'sinatra'
require 'json'
require 'net/http'

set :environment, :production
set :show_exceptions, false

get '/place' do
  begin
    uri = URI("#{ENV.fetch('GEO_URL')}/place")
    uri.query = URI.encode_www_form(q: params[:q])
    request = Net::HTTP::Get.new(uri)
    request['X-Geo-Key'] = ENV.fetch('GEO_API_KEY')
    http = Net::HTTP.new(uri.host, uri.port)
    http.open_timeout = 5
    http.read_timeout = 5
    { found: JSON.parse(http.request(request).body).fetch('ok') }.to_json
  rescue StandardError => e
    logger.error e.class.name
    halt 502, { error: 'the geo service did not answer' }.to_json
  end
end

get '/version' do
  'geo 1.4'
end
