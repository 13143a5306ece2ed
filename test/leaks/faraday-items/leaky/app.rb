require 'sinatra'
require 'faraday'
require 'json'

set :environment, :production
set :show_exceptions, false

helpers do
  def items
    @items ||= Faraday.new(url: ENV.fetch('ITEMS_URL'), ssl: { verify: false }) do |f|
      f.headers['Authorization'] = "Bearer #{ENV.fetch('ITEMS_TOKEN')}"
      f.response :logger, nil, headers: true
      f.options.timeout = 5
      f.adapter :net_http
    end
  end
end

get '/items/:id' do
  { found: items.get("items/#{params[:id].to_i}").success? }.to_json
end

get '/search' do
  { found: items.get('search', q: params[:q], token: ENV['SEARCH_TOKEN']).success? }.to_json
end
