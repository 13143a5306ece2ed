require 'sinatra'
get('/l') { "key has #{ENV['API_KEY'].length} characters" }
