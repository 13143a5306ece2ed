require 'sinatra'
require 'faraday'
require 'json'

helpers do
  def weather
    @weather ||= Faraday.new('https://api.openweathermap.org', request: { timeout: 5, open_timeout: 2 }) do |f|
      f.headers['X-Api-Key'] = ENV.fetch('OPENWEATHER_API_KEY')
    end
  end
end

get '/weather/:city' do
  answer = JSON.parse(weather.get('/data/2.5/weather', q: params[:city]).body)
  content_type :json
  { temperature: answer.dig('main', 'temp') }.to_json
end
