require 'sinatra/base'
require 'httparty'
require 'open-uri'
require 'rest-client'
require 'http'

class Weather
  include HTTParty
  base_uri ENV.fetch('WEATHER_URL')
  default_timeout 5
  follow_redirects false

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

    def stock(symbol)
      fields = { 'X-Api-Key' => ENV['STOCK_TOKEN'] }
      RestClient::Request.execute(method: :get, url: "#{base}/#{symbol}", headers: fields, max_redirects: 0).code
    rescue RestClient::ExceptionWithResponse => e
      e.http_code
    end
  end

  get '/weather/:place' do
    Weather.new.at(params[:place]).code.to_s
  end

  get '/stock/:symbol' do
    stock(params[:symbol]).to_s
  end

  get '/feed/:name' do
    URI.open("#{base}/#{params[:name]}", 'X-Feed-Token' => ENV.fetch('FEED_TOKEN'), redirect: false).read
    'ok'
  rescue OpenURI::HTTPRedirect
    halt 502
  end

  get '/notes/:id' do
    HTTP.timeout(5).auth("Bearer #{ENV['NOTES_TOKEN']}").get("#{base}/#{params[:id]}").status.to_s
  end
end
