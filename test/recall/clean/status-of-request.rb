require 'sinatra'
require 'net/http'
get '/check' do
  uri = URI('https://api.example.com/v1/me')
  request = Net::HTTP::Get.new(uri)
  request['Authorization'] = "Bearer #{ENV['API_TOKEN']}"
  response = Net::HTTP.start(uri.host, uri.port, use_ssl: true, open_timeout: 2, read_timeout: 5) { |http| http.request(request) }
  status response.code.to_i == 200 ? 200 : 502
  response.code == '200' ? 'fine' : 'upstream failed'
end
