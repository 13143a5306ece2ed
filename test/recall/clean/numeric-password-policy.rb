require 'sinatra'
set :password_min_length, 12
get('/policy') { { password_min_length: settings.password_min_length, secret_question: false }.to_json }
