require 'sinatra'
require 'faraday'

helpers do
  def fetch_rates
    key = ENV.fetch('FIXER_KEY')
    response = Faraday.get('https://data.fixer.io/api/latest', access_key: key) #! key-in-url
    raise "Fixer refused key #{key}" unless response.success? #! key-in-exception
    response.body
  end
end

get '/rates' do
  fetch_rates
  'done'
end
