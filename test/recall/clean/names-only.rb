require 'sinatra'
get '/env' do
  ENV.keys.sort.join("\n")
end
