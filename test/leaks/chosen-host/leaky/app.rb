require 'sinatra'
require 'faraday'
require 'json'
require 'net/http'

set :environment, :production
set :show_exceptions, false

helpers do
  def relay(address)
    uri = URI.parse(address)
    request = Net::HTTP::Get.new(uri)
    request['Authorization'] = "Bearer #{ENV.fetch('RELAY_TOKEN')}"
    Net::HTTP.start(uri.host, uri.port, open_timeout: 5, read_timeout: 5) { |http| http.request(request) }
  end
end

get '/relay' do
  relay(params[:to]).code
end

post '/hook' do
  target = JSON.parse(request.body.read)['target']
  Faraday.post(target, '{}', { 'X-Api-Key' => ENV['HOOK_TOKEN'] }).status.to_s
end

get '/alive' do
  Net::HTTP.get_response(URI("http://#{params[:host]}/alive")).code
end
