require 'sinatra'
get '/kb' do
  key = params[:key] == 'up' ? 1 : -1
  "moved #{key}"
end
