require 'sinatra'
key = ENV['API_KEY']
get '/list' do
  %w[a b].map { |key| key.upcase }.join(key.nil? ? ',' : ';')
end
