require 'sinatra'
get('/m') { ENV['API_KEY'].gsub(/.(?=.{4})/, '*') }
