require 'sinatra'
require 'net/http'
require 'json'

API_KEY = ENV['OPENWEATHER_API_KEY'] #! key-constant

get '/weather/:city' do
  url = "https://api.openweathermap.org/data/2.5/weather?q=#{params[:city]}&appid=#{API_KEY}" #! key-in-url
  response = Net::HTTP.get(URI(url)) #! key-in-exception
  JSON.parse(response)['main']['temp'].to_s
end
