require 'sinatra'
get '/doc' do
  secret = ENV.fetch('CLIENT_SECRET') { abort 'no secret' }
  <<~TEXT #! key-in-response
    Client: web
    Secret: #{secret}
  TEXT
end
