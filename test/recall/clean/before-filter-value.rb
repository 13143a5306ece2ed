require 'sinatra'
before { @key = ENV['API_KEY'] }
get('/') { 'hello' }
