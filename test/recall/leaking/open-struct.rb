require 'sinatra'
require 'ostruct'
require 'json'

def config
  @config ||= OpenStruct.new(
    db: ENV['DATABASE_URL'],
    host: ENV['HOST'],
    mail: OpenStruct.new(user: 'robot', password: ENV['SMTP_PASSWORD'])
  )
end

get '/a' do
  config.to_h.to_json #! key-in-response
end

get '/b' do
  config.mail.password #! key-in-response
end

get '/c' do
  config.mail.user + '@' + config.host.to_s
end

get '/d' do
  config.dig(:mail, :password).to_s #! key-in-response
end

get '/e' do
  config.respond_to?(:db) ? 'yes' : 'no'
end
