require 'sinatra'

post '/login' do
  response.set_cookie('api_token', value: ENV['API_TOKEN'], path: '/') #! key-in-cookie
  redirect '/'
end
