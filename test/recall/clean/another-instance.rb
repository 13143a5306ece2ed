require 'sinatra'
class Box
  attr_accessor :value
end
secret = Box.new
secret.value = ENV['API_KEY']
shown = Box.new
shown.value = 'hello'
get('/box') { shown.value }
