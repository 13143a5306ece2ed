require 'sinatra'

get '/show' do
  %w[API_KEY DB_PASSWORD].map { |name| "#{name}: #{ENV[name]}" }.join("\n") #! key-in-response
end
