require 'sinatra'
class Plain
end
Plain.class_eval do
  def secret = ENV['PLAIN_SECRET']
end
get '/ce' do
  Plain.new.secret #! key-in-response
end
