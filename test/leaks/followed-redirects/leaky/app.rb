require 'sinatra/base'
require 'httparty'
require 'open-uri'
require 'rest-client'
require 'http'

class Weather
  include HTTParty
  base_uri ENV.fetch('WEATHER_URL')
  default_timeout 5

  def at(place)
    self.class.get("/#{place}", headers: { 'Authorization' => "Bearer #{ENV.fetch('WEATHER_TOKEN')}" })
  end
end

class Aggregator < Sinatra::Base
  set :environment, :production
  set :show_exceptions, false

  helpers do
    def base
      ENV.fetch('WEATHER_URL')
    end
  end

  get '/weather/:place' do
    Weather.new.at(params[:place]).code.to_s
  end

  get '/stock/:symbol' do
    answer = RestClient.get("#{base}/#{params[:symbol]}", { 'X-Api-Key' => ENV['STOCK_TOKEN'] })
    answer.code.to_s
  end

  get '/feed/:name' do
    URI.open("#{base}/#{params[:name]}", 'X-Feed-Token' => ENV.fetch('FEED_TOKEN')).read
    'ok'
  end

  get '/notes/:id' do
    HTTP.timeout(5).follow.auth("Bearer #{ENV['NOTES_TOKEN']}").get("#{base}/#{params[:id]}").status.to_s
  end
end
