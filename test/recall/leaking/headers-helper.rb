require 'sinatra'

get '/h' do
  headers 'X-Debug-Token' => ENV['DEBUG_TOKEN'], 'X-Other' => '1' #! key-in-field
  'ok'
end
