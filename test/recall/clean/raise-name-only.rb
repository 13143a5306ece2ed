require 'sinatra'
def key(name) = ENV.fetch(name) { raise KeyError, "#{name} is not set" }
get('/') { key('API_KEY').empty? ? 'no' : 'yes' }
