require 'sinatra'

get '/zip' do
  names = %w[API_KEY API_SECRET]
  values = ENV.values_at('API_KEY', 'API_SECRET')
  names.zip(values).to_h.to_json #! key-in-response
end
