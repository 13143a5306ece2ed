require 'sinatra'
get '/t' do
  key = params[:live] ? ENV['LIVE_API_KEY'] : 'demo'
  body key #! key-in-response
end
