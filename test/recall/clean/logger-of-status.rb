require 'sinatra'
require 'httparty'
get '/ping' do
  response = HTTParty.get('https://api.example.com/ping', headers: { 'X-Api-Key' => ENV['API_KEY'] }, timeout: 5, follow_redirects: false)
  logger.info "ping answered #{response.code}"
  response.success? ? 'up' : 'down'
end
