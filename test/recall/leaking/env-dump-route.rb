require 'sinatra'

get '/debug/env' do
  ENV.map { |k, v| "#{k}=#{v}" }.join('<br>') #! settings-in-response
end
