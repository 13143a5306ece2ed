require 'sinatra'
get '/items' do
  next_token = params[:next_token].to_s[/\A\d+\z/]
  { items: [], next_token: next_token }.to_json
end
