require 'sinatra'
require 'faraday'
require 'json'
require 'net/http'

set :environment, :production
set :show_exceptions, false
set :upstreams, { 'main' => ENV.fetch('MAIN_URL') }

helpers do
  def relay(name)
    uri = URI.parse(settings.upstreams.fetch(name) { halt 404 })
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
  halt 400 unless settings.upstreams.value?(target)
  Faraday.post(target, '{}', { 'X-Api-Key' => ENV['HOOK_TOKEN'] }).status.to_s
end

get '/alive' do
  Net::HTTP.get_response(URI("#{ENV.fetch('MAIN_URL')}/alive")).code
end
