require 'sinatra'
require 'net/http'
require 'json'

helpers do
  def api_key
    # In production, retrieve from a secure runtime store or inject via a sidecar
    ENV.fetch('EXTERNAL_API_KEY') { raise 'Missing API key' }
  end
end

get '/data' do
  uri = URI('https://external-service.example.com/internal')
  req = Net::HTTP::Get.new(uri)
  req['Authorization'] = "Bearer #{api_key}"
  res = Net::HTTP.start(uri.hostname, uri.port, use_ssl: true) do |http|
    http.request(req)
  end
  res.body
end
