require 'sinatra'
require 'net/http'
require 'json'

API_KEY = ENV['EXTERNAL_API_KEY']

get '/data' do
  uri = URI('https://external-service.example.com/internal')
  req = Net::HTTP::Get.new(uri)
  req['Authorization'] = "Bearer #{API_KEY}"
  res = Net::HTTP.start(uri.hostname, uri.port, use_ssl: true) do |http|
    http.request(req)
  end
  res.body
end
