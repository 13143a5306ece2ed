require 'sinatra'
require 'faraday'
require 'json'

set :environment, :production
set :show_exceptions, false

helpers do
  def items
    @items ||= Faraday.new(url: ENV.fetch('ITEMS_URL')) do |f|
      f.headers['Authorization'] = "Bearer #{ENV.fetch('ITEMS_TOKEN')}"
      f.response :logger, nil, headers: false
      f.options.timeout = 5
      f.adapter :net_http
    end
  end
end

get '/items/:id' do
  { found: items.get("items/#{params[:id].to_i}").success? }.to_json
end

get '/search' do
  answer = items.get('search', q: params[:q]) do |request|
    request.headers['X-Search-Token'] = ENV['SEARCH_TOKEN']
  end
  { found: answer.success? }.to_json
end
