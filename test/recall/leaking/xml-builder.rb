require 'sinatra'
require 'builder'
require 'multi_json'
require 'oj'

get '/xml' do
  content_type :xml
  builder do |xml|
    xml.config do
      xml.secret ENV['SOAP_PASSWORD'] #! key-in-response
      xml.host ENV['SOAP_HOST']
    end
  end
end

get '/multi' do
  MultiJson.dump(secret: ENV['SOAP_PASSWORD']) #! key-in-response
end

get '/oj' do
  Oj.dump({ 'secret' => ENV['SOAP_PASSWORD'] }, mode: :compat) #! key-in-response
end

get '/yaml' do
  { secret: ENV['SOAP_PASSWORD'] }.to_yaml #! key-in-response
end

get '/csv' do
  [%w[name value], ['secret', ENV['SOAP_PASSWORD']]].map { |row| row.join(';') }.join("\n") #! key-in-response
end

get '/names' do
  MultiJson.dump(secrets: %w[SOAP_PASSWORD])
end
