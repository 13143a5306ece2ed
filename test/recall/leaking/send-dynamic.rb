require 'sinatra'
class Creds
  def github_token = ENV['GITHUB_TOKEN']
end
get '/send' do
  Creds.new.public_send(:"github_token") #! key-in-response
end
